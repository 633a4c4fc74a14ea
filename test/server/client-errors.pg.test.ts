import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawExchange } from '../support/raw.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

/** The parts of a raw answer. */
function partsOf(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  return { status: Number(line.split(' ')[1]), headers, body: JSON.parse(body) };
}

const HOST = 'Host: localhost\r\n';
const LONG = 'x'.repeat(17_000);
const chunked = (path: string) =>
  `POST ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
const TOO_LONG = 'The URL and the headers together are too long.';
const MALFORMED = 'This is no well-formed HTTP request.';
const NO_SOCKET = 'There are no WebSockets at this path.';
const SOCKET = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

test.each([
  [
    'a URL that is too long',
    `GET /uapi/phoneCalls/@me/${LONG} HTTP/1.1\r\n${HOST}\r\n`,
    431,
    { error: { code: 'request_invalid', message: TOO_LONG } },
  ],
  ['the same elsewhere', `GET /${LONG} HTTP/1.1\r\n${HOST}\r\n`, 431, { error: TOO_LONG }],
  [
    'a header that is too long, in GraphQL’s words',
    `GET /graphql HTTP/1.1\r\n${HOST}X: ${LONG}\r\n\r\n`,
    431,
    { errors: [{ message: TOO_LONG, extensions: { code: 'BAD_INPUT' } }] },
  ],
  [
    'what is for a proxy',
    `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`,
    501,
    { error: 'CONNECT is for proxies, and this is none.' },
  ],
  ['what is no request at all', 'garbage\r\n\r\n', 400, { error: MALFORMED }],
  [
    'a header that is none, in Genesys’ words',
    `GET http://a/api/v2/me HTTP/1.1\r\n${HOST}a b\r\n\r\n`,
    400,
    { statusCode: 10, statusMessage: MALFORMED },
  ],
  [
    'what is too long for a token, in OAuth’s words',
    `POST /oauth/token?${LONG} HTTP/1.1\r\n${HOST}\r\n`,
    431,
    { error: 'invalid_request', error_description: TOO_LONG },
  ],
  [
    'a form that is too large',
    `POST /oauth/token.php HTTP/1.1\r\n${HOST}Content-Length: 9999999\r\n\r\n`,
    413,
    { error: 'invalid_request', error_description: 'A body has at most 1048576 bytes.' },
  ],
  [
    'a body in chunks that are none',
    chunked('/uapi/phoneCalls/@me/simple'),
    400,
    { error: { code: 'request_invalid', message: MALFORMED } },
  ],
  [
    'a request without a Host',
    'GET /uapi/phoneCalls/@me/@self HTTP/1.1\r\nConnection: close\r\n\r\n',
    400,
    {
      error: {
        code: 'request_invalid',
        message: 'The Host header or the request target is malformed.',
      },
    },
  ],
  [
    'a WebSocket where there is none',
    `GET /uapi/phoneCalls HTTP/1.1\r\n${HOST}${SOCKET}\r\n`,
    404,
    { error: { code: 'request_invalid', message: NO_SOCKET } },
  ],
  [
    'a handshake that is none',
    `GET /graphql HTTP/1.1\r\n${HOST}${SOCKET}\r\n`,
    400,
    {
      errors: [
        {
          message: 'Missing or invalid Sec-WebSocket-Key header',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    },
  ],
])('%s is refused with an envelope and an id', async (_, sent, status, body) => {
  const answer = partsOf(await rawExchange(tandem.port, sent));

  expect(answer).toMatchObject({ status, body });
  expect(answer.headers).toContain('Connection: close');
  expect(answer.headers).toContainEqual(expect.stringMatching(/^X-Request-Id: [0-9a-f-]{36}$/));
});

test('what is damaged on its way to CometD is refused as a text, which faye sends again', async () => {
  const answer = await rawExchange(tandem.port, chunked('/api/v2/notifications'));

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('Content-Type: text/plain;charset=UTF-8\r\n');
  expect(answer.endsWith(`\r\n\r\n${MALFORMED}`)).toBe(true);
});

const LIVE = '/uapi/phoneCalls/@me/0003*210';
const asked = (method: string, path: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\n${HOST}Authorization: Bearer demo-alice-token\r\n${more}\r\n`;

test.each([
  ['bytes that no length announced', `${asked('GET', LIVE)}{"a":1}`, [200, 400]],
  ['a request that is too long', asked('GET', LIVE) + asked('GET', `/${LONG}`), [200, 431]],
  ['garbage', `${asked('GET', LIVE)}${asked('HEAD', LIVE)}GARBAGE\r\n\r\n`, [200, 200, 400]],
  [
    'a body in chunks that are none',
    asked('GET', LIVE) + asked('GET', '/health') + chunked(LIVE),
    [200, 200, 400],
  ],
])('what came whole before %s is answered first, in order', async (_, sent, statuses) => {
  const answer = await rawExchange(tandem.port, sent);

  const lines = [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
  expect(lines).toEqual(statuses);
  expect(answer).toMatch(/Connection: close\r\n\r\n\{"error":[^\n]*$/);
});

test('a HEAD that is too long is refused without a body', async () => {
  const answer = await rawExchange(tandem.port, asked('HEAD', `/uapi/${LONG}`));

  expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*\r\nContent-Length: [1-9]\d+\r\n[\s\S]*\r\n\r\n$/);
});

test('a hang-up that unframed bytes follow is answered as done', async () => {
  const sent = `${asked('DELETE', `${LIVE}/7d280cc4feae3255a497`)}{"phoneNumber":"1"}`;

  const answer = await rawExchange(tandem.port, sent);

  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain('[{"id":"7d280cc4feae3255a497"}]HTTP/1.1 400 Bad Request');
});

test('an expectation that nobody knows is passed over', async () => {
  const sent = `GET /health HTTP/1.1\r\n${HOST}Expect: wonders\r\nConnection: close\r\n\r\n`;

  const answer = await rawExchange(tandem.port, sent);

  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('a path in capital letters is none, and VoipNow’s clients can read why', async () => {
  const answer = await fetch(`${tandem.url}/UAPI/phoneCalls/@me/@self`);

  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({
    error: {
      code: 'request_invalid',
      message: 'There is nothing at this path. Capital letters are others than small ones.',
    },
  });
});
