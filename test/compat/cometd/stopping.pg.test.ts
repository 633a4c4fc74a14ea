import { afterEach, beforeEach, expect, test } from 'vitest';
import { follow, type Stream } from '../../support/follow.ts';
import { rawConnection, rawExchange } from '../../support/raw.ts';
import { startTandem, type TestTandem } from '../../support/tandem.ts';

const HEAD = 'POST /api/v2/notifications HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n';

let tandem: TestTandem;
/** Whoever follows holds up the stop. */
let follower: Stream;
let stopped: PromiseLike<void>;

beforeEach(async () => {
  tandem = await startTandem({ demo: true, settings: { DRAIN_MS: '60000' } });
  follower = follow(tandem, 'subscription { callChanges { __typename } }');
  await follower.next();
});
afterEach(async () => {
  await follower[Symbol.asyncDispose]();
  await stopped;
});

/** What is no JSON: faye takes any for an answer, and waits. */
const REFUSED =
  /^HTTP\/1\.1 503 .*content-type: text\/plain;charset=utf-8\r\n.*\r\n\r\nThis \w+ is about to stop\.$/is;

test('while it stops, whoever is connected asks in vain, and is not made to wait', async () => {
  using open = await rawConnection(tandem.port, HEAD);
  stopped = tandem[Symbol.asyncDispose]();

  open.socket.write('\r\n[]');

  expect(await open.rest).toMatch(REFUSED);
});

test('while it stops, so does whoever is new', async () => {
  stopped = tandem[Symbol.asyncDispose]();

  const answer = await rawExchange(tandem.port, `${HEAD}\r\n[]`);

  expect(answer).toMatch(REFUSED);
});
