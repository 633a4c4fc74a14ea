import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshHome, type Home } from '../cli/tandem.ts';
import { ask, bearer } from '../support/ask.ts';
import { type Collector, openCollector, type SentSpan } from '../support/collector.ts';
import { follow } from '../support/follow.ts';
import { followBySse } from '../support/sse.ts';

const NUMBER = '8887777';
const SECRET = 'secret-4711';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

let home: Home;
let collector: Collector;
let spans: SentSpan[];
let code: number | null;

beforeAll(async () => {
  home = await freshHome();
  collector = await openCollector();
  const tandem = await home.serve('demo', {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    DRAIN_MS: '0',
  });
  await visit(tandem);
  tandem.process.kill('SIGTERM');
  ({ code } = await tandem.ended);
  spans = collector.spans();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

const PAGE = `query Page($number: String) { calls(first: 5, filter: { number: $number }) { nodes { id } } }`;

/** Everything that a client can do which is a span, each once, with something in it that nobody may see. */
async function visit(tandem: { readonly url: string }) {
  const { url } = tandem;
  const variables = { number: NUMBER };
  const traceparent = `00-${TRACE}-${CALLER}-01`;
  await ask(tandem, PAGE, { variables, headers: { traceparent } });
  await ask(tandem, PAGE, {
    variables,
    headers: { traceparent: traceparent.replace('0af', '1af') },
  });
  await ask(tandem, PAGE, { variables, headers: { traceparent: traceparent.replace(/1$/, '0') } });
  await ask(tandem, `query Literal { calls(filter: { number: "${NUMBER}" }) { nodes { id } } }`);
  await ask(
    tandem,
    `mutation Attach { attachUserData(input: { userData: { card: "${SECRET}" },
    selector: { number: "${NUMBER}", status: [ONGOING] } }) { call { id } } }`,
  );
  await ask(
    tandem,
    'mutation Lost { deleteUserData(input: { callId: "nobody" }) { call { id } } }',
  );
  {
    await using stream = follow(tandem, 'query OverSocket { viewer { username } }');
    await stream.next();
    await using changes = follow(tandem, 'subscription Live { callChanges { __typename } }');
    await changes.next();
  }
  {
    await using stream = followBySse(
      tandem,
      'subscription Streamed { callChanges { __typename } }',
      {},
    );
    for (let type: unknown; type !== 'CallChanged'; ) {
      type = ((await stream.next())['callChanges'] as { __typename: string }).__typename;
    }
  }
  const path = '/uapi/phoneCalls/@me/0003*210/7d280cc4feae3255a497';
  await fetch(`${url}${path}?phoneNumber=${NUMBER}`, {
    method: 'DELETE',
    headers: bearer('alice'),
  });
  await fetch(`${url}/${NUMBER}`);
}

const named = (operation: string) =>
  spans.filter(({ attributes }) => attributes['graphql.operation.name'] === operation);
const childrenOf = (parent: SentSpan | undefined) =>
  spans.filter(({ parentId, traceId }) => parentId === parent?.id && traceId === parent.traceId);
const parentOf = (child: SentSpan | undefined) => spans.find(({ id }) => id === child?.parentId);
/** All below a span. */
const within = (span: SentSpan | undefined): SentSpan[] =>
  childrenOf(span).flatMap((child) => [child, ...within(child)]);

test('a stop sends what has not been sent, and ends with 0', () => {
  expect(code).toBe(0);
  expect(collector.bytes().includes('service.name')).toBe(true);
  expect(spans.length).toBeGreaterThan(10);
});

test.each([
  ['the long way', TRACE],
  ['the short way', TRACE.replace('0af', '1af')],
])('a request by %s goes on with the trace of its caller', (_, traceId) => {
  const [operation] = named('Page').filter((span) => span.traceId === traceId);

  const request = parentOf(operation);

  expect(request).toMatchObject({ name: 'POST /graphql', kind: 2, parentId: CALLER, traceId });
  expect(request?.attributes).toMatchObject({ 'http.response.status_code': 200 });
  expect(operation).toMatchObject({ name: 'query', isFailed: false });
  expect(childrenOf(operation)).toMatchObject([{ name: 'SELECT participants', kind: 3 }]);
});

test('a caller who does not sample is not sampled', () => {
  const traces = named('Page').map(({ traceId }) => traceId);

  expect(traces.sort()).toEqual([TRACE, TRACE.replace('0af', '1af')]);
});

test('a mutation shows its transaction and the command to the switch', () => {
  const [operation] = named('Attach');

  const names = within(operation).map(({ name }) => name);

  expect(names).toContain('TRANSACTION');
  expect(names).toContain('UPDATE calls');
  expect(names).toContain('INSERT audit_entries');
  expect(names).toContain('switch patchUserData');
});

test('a refusal is marked with its code', () => {
  const [operation] = named('Lost');

  expect(operation).toMatchObject({
    isFailed: true,
    attributes: { 'graphql.operation.type': 'mutation', 'error.type': 'CALL_NOT_FOUND' },
  });
});

test.each(['OverSocket', 'Live'])('over WebSocket, %s is a trace of its own', (operation) => {
  const [span] = named(operation);

  expect(span).toMatchObject({ kind: 2, parentId: '' });
});

test('a stream of events shows its beginning, and not what is read of the log for hours', () => {
  const [operation] = named('Streamed');

  const request = parentOf(operation);

  expect(request).toMatchObject({ name: 'POST /graphql', kind: 2 });
  // Whoever has been seen a moment ago is not looked up again.
  const names = within(request).map(({ name }) => name);
  expect(names.filter((name) => name !== 'SELECT tokens')).toEqual(['subscription']);
});

test("a legacy request shows its dialect's document and the hang-up", () => {
  const request = spans.find(({ name }) => name === 'DELETE /uapi');

  const names = within(request).map(({ name }) => name);

  expect(names).toContain('mutation');
  expect(names).toContain('switch hangupParty');
});

test('nothing is traced but requests and operations', () => {
  const firsts = spans.filter(({ parentId }) => parentId === '' || parentId === CALLER);

  const others = firsts.filter(({ kind }) => kind !== 2);

  expect(others).toEqual([]);
});

test.each([NUMBER, SECRET, '0003*210', '7d280cc4feae3255a497', 'demo-alice-token', 'alice'])(
  'no trace has %s in it',
  (text) => {
    expect(collector.bytes().includes(text)).toBe(false);
  },
);

test('no trace has a statement in it', () => {
  const all = collector.bytes().toString('latin1');

  // Within words: two bytes alone may also be of an id or a time.
  expect(all).not.toMatch(/[ -~]{8}\$1/);
});
