import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, bearer, dataOf } from '../support/ask.ts';
import { rawConnection, rawExchange } from '../support/raw.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true, settings: { MAX_BODY_BYTES: '4096' } });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const JSON_TYPE = { 'content-type': 'application/json' };
const WHO = '{"query":"{ viewer { username } }"}';
const TOKEN = 'Authorization: Bearer demo-alice-token\r\n';

const post = (body: string | ReadableStream, headers: Record<string, string> = JSON_TYPE) =>
  fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: { ...bearer('alice'), ...headers },
    body,
    duplex: 'half',
  } as RequestInit);

/** A whole POST as bytes, asking who is asking. */
const rawPost = (target: string, headers: string, body = WHO) =>
  `POST ${target} HTTP/1.1\r\n${headers}${TOKEN}Content-Type: application/json\r\n` +
  `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

const isAlive = async () => (await ask(tandem, '{ viewer { username } }')).status === 200;

test.each([
  ['no JSON', '{"query":'],
  ['a list', '[]'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['a query that is no text', '{"query":{}}'],
  ['variables that are no object', '{"query":"{ __typename }","variables":"abc"}'],
  ['a broken document', '{"query":"{ viewer {"}'],
  ['an unknown field', '{"query":"{ nothing }"}'],
])('a body with %s is refused with 400', async (_, body) => {
  const response = await post(body, {
    ...JSON_TYPE,
    accept: 'application/graphql-response+json',
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    errors: [expect.objectContaining({ extensions: { code: 'BAD_INPUT' } })],
  });
});

test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'])(
  'the content type %s is refused with 415',
  async (type) => {
    const response = await post(WHO, { 'content-type': type });

    expect(response.status).toBe(415);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'A query is sent with `Content-Type: application/json`.',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
  },
);

test.each(['variables=abc', 'variables=[]', 'variables=%22a%22', 'extensions=abc'])(
  'a GET with %s is refused with 400',
  async (parameter) => {
    const url = `${tandem.url}/graphql?query={__typename}&${parameter}`;

    const response = await fetch(url, { headers: bearer('alice') });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_INPUT' } }],
    });
  },
);

test('a GET executes no mutation', async () => {
  const mutation = 'mutation{placeCall(input:{extension:"8856",to:"110"}){call{id}}}';

  const response = await fetch(`${tandem.url}/graphql?query=${encodeURIComponent(mutation)}`, {
    headers: bearer('alice'),
  });

  expect(response.status).toBe(405);
});

test.each([
  ['none', ''],
  ['with a space', 'Host: a b\r\n'],
  ['with a path', 'Host: a/b\r\n'],
  ['with a user', 'Host: me@localhost\r\n'],
  ['with a port that is none', 'Host: localhost:99999\r\n'],
  ['with half an IPv6 address', 'Host: [::1\r\n'],
  ['with a broken percent escape', 'Host: %%%\r\n'],
  ['given twice', 'Host: a\r\nHost: b\r\n'],
])('a Host header %s is refused with 400', async (_, host) => {
  const answer = await rawExchange(tandem.port, rawPost('/graphql', host));

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test.each([
  ['an empty Host', '/graphql', 'Host:\r\n'],
  ['a Host that is somebody else', '/graphql', 'Host: example.com\r\n'],
  ['an absolute target', 'http://tandem.example:99/graphql', 'Host: other\r\n'],
  ['an offer of h2c, as Java’s client makes it', '/graphql', 'Host: a\r\nUpgrade: h2c\r\n'],
])('%s is served', async (_, target, headers) => {
  const answer = await rawExchange(tandem.port, rawPost(target, headers));

  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('{"data":{"viewer":{"username":"alice"}}}');
});

test('a body that is only half sent executes nothing', async () => {
  const mutation = `{"query":"mutation { placeCall(input: { extension: \\"8856\\", to: \\"4444\\" }) { call { id } } }"}`;
  const whole = rawPost('/graphql', 'Host: a\r\n', mutation);
  using connection = await rawConnection(tandem.port, whole.slice(0, -1));

  connection.socket.destroy();
  await connection.rest;

  const query = '{ calls(filter: { number: "4444" }) { totalCount } }';
  expect(await dataOf(tandem, query)).toEqual({ calls: { totalCount: 0 } });
});

test('a body over the limit is refused with 413', async () => {
  const response = await post(`${WHO}${' '.repeat(4096)}`);

  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({
    errors: [{ message: 'A body has at most 4096 bytes.', extensions: { code: 'BAD_INPUT' } }],
  });
});

test.each(['/uapi/phoneCalls/@me/simple', '/unifiedapi/phoneCalls/@me/simple'])(
  'a body over the limit is refused in VoipNow’s words at %s',
  async (path) => {
    const response = await fetch(tandem.url + path, { method: 'POST', body: ' '.repeat(5000) });

    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: { code: 'request_invalid', message: 'A body has at most 4096 bytes.' },
    });
  },
);

test('a body over the limit is refused in Genesys’ words', async () => {
  const body = ' '.repeat(5000);

  const response = await fetch(`${tandem.url}/api/v2/me`, { method: 'POST', body });

  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({
    statusCode: 10,
    statusMessage: 'A body has at most 4096 bytes.',
  });
});

test('a body in chunks is refused with 413 as soon as it is over the limit', async () => {
  const chunks = Array.from({ length: 10 }, () => `400\r\n${' '.repeat(1024)}\r\n`);
  const head = rawPost('/graphql', 'Host: a\r\nTransfer-Encoding: chunked\r\n', '');

  const answer = await rawExchange(
    tandem.port,
    `${head.replace('Content-Length: 0\r\n', '')}${chunks.join('')}`,
  );

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a large body over the limit gets its answer, too', async () => {
  const response = await post(' '.repeat(8_000_000));

  expect(response.status).toBe(413);
  expect(await isAlive()).toBe(true);
});

test.each(['/nothing', '/graphql/more', '//graphql', '/%00', '/..%2fgraphql'])(
  'there is nothing at %s',
  async (path) => {
    const response = await fetch(`${tandem.url}${path}`, { headers: bearer('alice') });

    expect(response.status).toBe(404);
  },
);

test('HEAD has no body, and TRACE and CONNECT are not spoken', async () => {
  const head = await fetch(`${tandem.url}/health`, { method: 'HEAD' });
  const trace = await rawExchange(
    tandem.port,
    'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  const connect = await rawExchange(tandem.port, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');

  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(trace).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(connect).not.toMatch(/^HTTP\/1\.1 2/);
  expect(await isAlive()).toBe(true);
});

test('a page of another origin may call after asking by OPTIONS', async () => {
  const response = await fetch(`${tandem.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://crm.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://crm.example');
  expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});

test('a request id is given back when it can be one, else made', async () => {
  const query = '{ __typename }';

  const given = await ask(tandem, query, { headers: { 'x-request-id': 'crm-1.a_b' } });
  const odd = await ask(tandem, query, { headers: { 'x-request-id': 'a b"<' } });
  const none = await ask(tandem, query);

  expect(given.headers.get('x-request-id')).toBe('crm-1.a_b');
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(none.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
