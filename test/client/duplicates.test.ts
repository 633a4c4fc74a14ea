import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CallMessage, followCalls } from '../../src/client/client.ts';
import { type ScriptedServer, scriptServer } from './scripted-server.ts';

const CLOSED = { code: 1006, reason: '' };
const id = fc.constantFrom('a', 'b', 'c', 'd');

type Act = (server: ScriptedServer) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: id.map(
      (call): Act =>
        (server) =>
          server.change(call),
    ),
  },
  {
    weight: 1,
    arbitrary: id.map(
      (call): Act =>
        (server) =>
          server.remove(call),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(6).map(
      (count): Act =>
        (server) =>
          void server.send(count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Act>((server) => server.cut().error(CLOSED)) },
  { weight: 1, arbitrary: fc.constant<Act>((server) => server.cut().complete()) },
  { weight: 2, arbitrary: fc.constant<Act>((server) => server.repeat()) },
  { weight: 1, arbitrary: fc.constant<Act>((server) => server.forget()) },
);

/** An application that knows the version of each call, and notes what it should not have been told. */
function createApplication() {
  const calls = new Map<string, number>();
  const told = new Set<string>();
  const faults: string[] = [];
  let resets = 0;
  const once = (name: string) => {
    if (told.has(name)) faults.push(`${name} twice`);
    told.add(name);
  };
  return {
    calls,
    faults,
    resets: () => resets,
    onReset() {
      resets += 1;
      calls.clear();
      told.clear();
    },
    onMessage(message: CallMessage) {
      if (message.__typename === 'FeedBookmark') return;
      if (message.__typename === 'CallDeleted') {
        once(`${message.callId} deleted`);
        calls.delete(message.callId);
        return;
      }
      const { id: call, version } = message.call;
      once(`${call} ${version}`);
      const known = calls.get(call);
      if (known !== undefined && version !== known + 1) faults.push(`${call} ${known}->${version}`);
      calls.set(call, version);
    },
  };
}

test('whatever is cut, repeated or forgotten, nothing is lost and nothing told twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 60 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 5 }),
      async (acts, lag, most) => {
        const server = scriptServer(lag);
        const application = createApplication();
        const ends: unknown[] = [];
        const following = followCalls({
          ...{ subscribe: server.subscribe, delay: () => 0, most },
          onReset: application.onReset,
          onMessage: application.onMessage,
          onError: (error) => ends.push(error),
        });
        for (const run of acts) {
          await server.subscribed();
          run(server);
        }
        await server.subscribed();
        while (server.send(10) > 0) await server.subscribed();
        following.close();

        expect(ends).toEqual([]);
        expect(application.faults).toEqual([]);
        expect(Object.fromEntries(application.calls)).toEqual(server.state());
        expect(application.resets()).toBeLessThanOrEqual(server.snapshots());
      },
    ),
    { numRuns: 500 },
  );
});
