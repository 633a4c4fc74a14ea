import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../../support/tandem.ts';
import { basic, Desktop, type Message } from './desktop.ts';

/** Two of one organization, one of another; what belongs to each. */
const USERS = {
  alice: ['0003*210', '8856', '15000'],
  olivia: ['15001', '0003*211', '0003*260', '0003*270', '0003*290'],
  bob: ['0004*210'],
} as const;
type User = keyof typeof USERS;
const NAMES = Object.keys(USERS) as User[];

/** Channels and patterns as anybody might write them, most of them near to what there is. */
const SEGMENTS = ['v2', 'me', 'calls', 'devices', 'channels', 'users', 'chats', 'other'];
const anything = fc
  .tuple(
    fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 3 }),
    fc.constantFrom('*', '**', ...SEGMENTS),
  )
  .map(([parents, last]) => `/${[...parents, last].join('/')}`);
const known = fc.constantFrom('/v2/me/calls', '/v2/me/*', '/v2/me/**', '/v2/**', '/**');

/** Bayeux, channel globbing: `*` is one segment more, `**` one or many. */
function takesCalls(pattern: string): boolean {
  const [wanted, channel] = [pattern.split('/'), '/v2/me/calls'.split('/')];
  const last = wanted.at(-1) ?? '';
  const [parents, above] = [wanted.slice(0, -1).join('/'), channel.slice(0, -1).join('/')];
  if (last === '*') return parents === above;
  return last === '**' ? `${above}/`.startsWith(`${parents}/`) : pattern === '/v2/me/calls';
}

let tandem: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const ask = async (username: User, path: string, body?: object) => {
  const response = await fetch(`${tandem.url}/api/v2${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: basic(username) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as { devices?: { id: string }[]; uris?: string[] };
};

/** Whose telephones a message is about. */
const numbersIn = ({ data }: Message): string[] =>
  data?.devices?.map(({ phoneNumber }) => phoneNumber) ?? [data?.phoneNumber ?? []].flat();

/** Sets something of the user's telephone, calls somebody from it, and ends all of the user's calls. */
async function live(username: User, to: string) {
  const { devices = [] } = await ask(username, '/me/devices?fields=id');
  const destination = { phoneNumber: to };
  for (const { id } of devices.slice(0, 1)) {
    const elsewhere = `0722${String(Math.random()).slice(2, 8)}`;
    const forwarding = { operationName: 'ForwardCallsOn', destination: elsewhere };
    await ask(username, `/me/devices/${id}`, forwarding);
    await ask(username, `/me/devices/${id}/calls`, { operationName: 'Dial', destination });
  }
  const { uris = [] } = await ask(username, '/me/calls');
  for (const uri of uris) {
    const path = new URL(uri).pathname.replace('/api/v2', '');
    await ask(username, path, { operationName: 'AttachUserData', userData: { of: username } });
    // One of the two ends it: a call that rings is not hung up.
    await ask(username, path, { operationName: 'Hangup' });
    await ask(username, path, { operationName: 'ClearCall' });
  }
}

const subscriptions = fc.uniqueArray(fc.oneof(anything, known), { minLength: 1, maxLength: 4 });
const calls = fc.array(
  fc.record({
    from: fc.constantFrom(...NAMES),
    to: fc.constantFrom('0722000111', '15001', '15000', '0004*210'),
  }),
  { minLength: 1, maxLength: 4 },
);

test('nobody is told of a call that is not his, whatever he subscribes to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(subscriptions, subscriptions, subscriptions),
      calls,
      async (wanted, made) => {
        const desktops = await Promise.all(
          NAMES.map(async (name, index) => {
            const desktop = new Desktop(tandem.url, name);
            await desktop.handshake();
            await desktop.subscribe(...(wanted[index] ?? []));
            return {
              name,
              desktop,
              isTold: wanted[index]?.some(takesCalls),
            };
          }),
        );

        for (const { from, to } of made) await live(from, to);
        for (const { desktop } of desktops) await desktop.connect({ timeout: 300 });

        for (const { name, desktop, isTold } of desktops) {
          const numbers: readonly string[] = USERS[name];
          const about = desktop.received.filter(({ channel }) => channel === '/v2/me/calls');
          const strange = desktop.received
            .flatMap(numbersIn)
            .filter((number) => !numbers.includes(number));
          expect(strange).toEqual([]);
          // Nobody calls himself.
          const isConcerned = made.some(({ from, to }) => from === name && !numbers.includes(to));
          if (!isTold) expect(about).toEqual([]);
          else if (isConcerned) expect(about.length).toBeGreaterThan(0);
          await desktop.send({ channel: '/meta/disconnect' });
        }
      },
    ),
    { numRuns: 15 },
  );
});
