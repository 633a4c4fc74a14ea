import cometd, { type ServerExtension, type ServerSession } from 'cometd-nodejs-server';
import ack from 'cometd-nodejs-server/ack-extension.js';
import { expect, test } from 'vitest';
import { countWaiting } from '../../../src/compat/genesys/cometd/waiting.ts';

/** What the library has and its types do not. */
interface Internals {
  _newServerSession(): ServerSession & { _drainQueue(replies: readonly object[]): void };
}

/** A session of the library, as a handshake leaves it. */
function sessionWith(ext: object) {
  const server = cometd.createCometDServer();
  const session = (server as unknown as Internals)._newServerSession(); // see Internals
  const handshake = { channel: '/meta/handshake', ext };
  const extension: ServerExtension = new ack.AcknowledgedMessagesExtension();
  extension.incoming?.(server, session, handshake, () => {});
  session.addExtension({
    outgoing: (_sender, _session, message, pass) => pass(undefined, message),
  });
  server.close();
  return session;
}

const deliver = (session: ServerSession, times: number, text = '') => {
  for (let i = 0; i < times; i += 1) session.deliver(null, '/v2/me/calls', { text });
};

test.each([
  ['many messages', 200, ''],
  ['large ones', 2, 'x'.repeat(2_000_000)],
])('a session keeps no more than %s until it is asked', (_name, times, text) => {
  const session = sessionWith({});
  const waiting = countWaiting(session, () => {});
  deliver(session, times - 1, text);
  const before = waiting.isFull();

  deliver(session, 1, text);

  expect([before, waiting.isFull()]).toEqual([false, true]);
  session._drainQueue([{ channel: '/meta/connect' }]);
  expect(waiting.isFull()).toBe(false);
});

test('what is sent in answer to a poll without an id is kept, and counts', () => {
  const session = sessionWith({ ack: true });
  const waiting = countWaiting(session, () => {});
  for (let i = 0; i < 4; i += 1) {
    deliver(session, 50);
    session._drainQueue([{ channel: '/meta/connect' }]);
  }

  const isFull = waiting.isFull();

  expect(isFull).toBe(true);
});
