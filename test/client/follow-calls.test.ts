import { expect, test } from 'vitest';
import {
  type CallMessage,
  type FollowError,
  type FollowOptions,
  followCalls,
  iterateCalls,
  type Sink,
} from '../../src/client/client.ts';
import { scriptServer } from './scripted-server.ts';

const CUT = { code: 1006, reason: '' };

/** A follower whose application writes down what it is told. */
function scene(options: Partial<FollowOptions<{ id: string; version: number }>> = {}) {
  const server = scriptServer(0);
  const said: string[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<FollowError>();
  const say = (message: CallMessage) =>
    said.push('call' in message ? `${message.call.id}${message.call.version}` : message.__typename);
  const following = followCalls({
    ...{ subscribe: server.subscribe, delay: () => 0 },
    onMessage: say,
    onReset: (reason) => said.push(reason),
    onError: resolve,
    ...options,
  });
  return { server, said, ended, following };
}

const message = (callChanges: object) => ({ data: { callChanges } });

test('the first snapshot begins with a reset, even if nobody calls', async () => {
  const { server, said } = scene();
  await server.subscribed();

  server.send(9);

  expect(said).toEqual(['START', 'FeedBookmark']);
});

test('the place where a snapshot has ended is told once, although it subscribes anew from there', async () => {
  const { server, said } = scene();
  await server.subscribed();
  server.send(9);
  await server.subscribed();

  server.cut().next(message({ __typename: 'FeedBookmark', position: '0' }));

  expect(said).toEqual(['START', 'FeedBookmark']);
});

test('a snapshot that is cut off begins anew', async () => {
  const { server, said } = scene();
  for (const id of ['a', 'b']) server.change(id);
  await server.subscribed();

  server.send(1);
  server.cut().error(CUT);
  await server.subscribed();
  server.send(9);

  expect(said).toEqual(['START', 'a1', 'INTERRUPTED', 'a1', 'b1', 'FeedBookmark']);
});

test('a snapshot that a client repeats by itself begins anew', async () => {
  const { server, said } = scene();
  await server.subscribed();
  const sink = server.cut();
  const snapshot = message({
    ...{ __typename: 'CallSnapshot', position: 's', call: { id: 'a', version: 1 } },
  });

  sink.next(snapshot);
  sink.next(snapshot);

  expect(said).toEqual(['START', 'a1', 'INTERRUPTED', 'a1']);
});

test('a gap is a reset with its reason', async () => {
  const { server, said } = scene();
  server.change('a');
  await server.subscribed();
  server.send(9);

  server.change('a');
  server.forget();
  server.cut().error(CUT);
  await server.subscribed();
  server.send(9);

  expect(said).toEqual(['START', 'a1', 'FeedBookmark', 'RETENTION', 'a2', 'FeedBookmark']);
});

test.each<[string, object]>([
  ['position', { __typename: 'FeedBookmark' }],
  ['__typename', { position: 'p' }],
  ['call { version }', { __typename: 'CallChanged', position: 'p', call: { id: 'a' } }],
  ['call { id }', { __typename: 'CallSnapshot', position: 'p' }],
  ['callId', { __typename: 'CallDeleted', position: 'p' }],
])('a document without %s is told once, and ends it', async (field, entry) => {
  const { server, ended } = scene();
  await server.subscribed();

  server.cut().next(message(entry));

  const error = await ended;
  expect(error.code).toBe('BAD_DOCUMENT');
  expect(error.message).toContain(`lacks \`${field}\``);
});

test('a document that does not pass `after` on is told', async () => {
  const server = scriptServer(0);
  const { ended } = scene({
    subscribe: (_, sink) => {
      const leave = server.subscribe({ after: null }, sink);
      queueMicrotask(() => server.send(9));
      return leave;
    },
  });
  server.change('a');

  expect(await ended).toMatchObject({ code: 'BAD_DOCUMENT', message: /\$after/ });
});

test('what a handler throws ends it, with the position before the message', async () => {
  const saved: string[] = [];
  const cause = new Error('The application has a bug.');
  const { server, ended } = scene({
    position: { load: () => null, save: (position) => saved.push(position) },
    onMessage: () => {
      throw cause;
    },
  });
  await server.subscribed();
  server.send(9);

  expect(await ended).toMatchObject({ code: 'HANDLER_FAILED', cause });
  expect(saved).toEqual([]);
});

test('a position is loaded and saved, and empty while a snapshot is incomplete', async () => {
  const saved: string[] = [];
  const { server, said } = scene({
    position: { load: async () => '1', save: (position) => saved.push(position) },
  });
  for (const id of ['a', 'b']) server.change(id);
  await server.subscribed();
  server.send(9);
  server.change('b');
  server.forget();
  server.cut().complete();
  await server.subscribed();
  server.send(9);

  expect(said).toEqual(['b1', 'RETENTION', 'a1', 'b2', 'FeedBookmark']);
  expect(saved).toEqual(['2', '', '3']);
});

test('refused credentials are renewed once, and twice refused they end it', async () => {
  const renewed: string[] = [];
  const { server, ended, said } = scene({ renewLogin: () => void renewed.push('renewed') });
  await server.subscribed();
  server.cut().error({ code: 4403, reason: 'Forbidden' });
  await server.subscribed();
  server.send(9);
  for (const code of [4403, 4403]) {
    server.cut().error({ code, reason: 'Forbidden' });
    if (renewed.length < 2) await server.subscribed();
  }

  expect(await ended).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(said).toEqual(['START', 'FeedBookmark']);
  expect(renewed).toHaveLength(2);
});

test('silence is a break, and more is allowed with each', async () => {
  const waits: string[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const { following } = scene({
    silenceMs: 1,
    onRetry: ({ error }) => {
      waits.push(String(error));
      if (waits.length === 3) resolve();
    },
  });
  await enough;
  following.close();

  expect(waits).toEqual([1, 2, 4].map((ms) => `Error: Nothing came for ${ms} ms.`));
});

test('who has left is told nothing', async () => {
  const { server, said, following } = scene();
  server.change('a');
  await server.subscribed();
  const sink = server.cut();

  following.close();
  sink.next(message({ __typename: 'FeedBookmark', position: '1' }));
  sink.error([{ message: 'No.', extensions: { code: 'FORBIDDEN' } }]);

  expect(said).toEqual([]);
});

test('a slow iterator leaves, and takes up where it was', async () => {
  const server = scriptServer(0);
  const subscriptions: (string | null)[] = [];
  const messages = iterateCalls({
    subscribe: ({ after }, sink: Sink) => {
      subscriptions.push(after);
      queueMicrotask(() => server.send(5000));
      return server.subscribe({ after }, sink);
    },
  });
  await messages.next();
  for (let count = 0; count < 1500; count += 1) server.change('a');
  server.send(5000);

  const versions: number[] = [];
  for await (const told of messages) {
    if (told.__typename !== 'CallChanged') continue;
    versions.push(told.call.version);
    if (versions.length === 1500) break;
  }

  expect(versions).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1));
  expect(subscriptions).toEqual([null, '0', '999']);
});

test('an iterator gives resets, and throws what ended it', async () => {
  const server = scriptServer(0);
  const messages = iterateCalls({ subscribe: server.subscribe });
  const first = messages.next();
  await server.subscribed();
  server.send(1);
  server.cut().error([{ message: 'No.', extensions: { code: 'FORBIDDEN' } }]);

  expect((await first).value).toEqual({ __typename: 'FeedReset', reason: 'START' });
  expect((await messages.next()).value).toMatchObject({ __typename: 'FeedBookmark' });
  await expect(messages.next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await messages.next()).toEqual({ done: true, value: undefined });
});

const REFUSAL = [{ message: 'no position', extensions: { code: 'BAD_INPUT' } }];

test('a position that the server does not take is given up for a snapshot', async () => {
  const { server, said } = scene({ position: { load: async () => 'garbage', save: () => {} } });
  await server.subscribed();

  server.cut().error(REFUSAL);
  await server.subscribed();
  server.send(9);

  expect(said.slice(1)).toEqual(['FeedBookmark']);
});

test('what is bad without a position, too, ends it', async () => {
  const { server, ended } = scene({ position: { load: async () => 'garbage', save: () => {} } });
  await server.subscribed();

  server.cut().error(REFUSAL);
  await server.subscribed();
  server.cut().error(REFUSAL);

  expect(await ended).toMatchObject({ code: 'BAD_INPUT' });
});
