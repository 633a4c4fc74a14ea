import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../../support/tandem.ts';
import { basic, Desktop } from './desktop.ts';

/** Two of one organization, one of another; what belongs to each. */
const USERS = {
  alice: ['0003*210', '8856', '15000'],
  olivia: ['15001', '0003*211', '0003*290'],
  bob: ['0004*210'],
} as const;
type User = keyof typeof USERS;
const NAMES = Object.keys(USERS) as User[];

const PATTERNS = [
  ...['/v2/me/calls', '/v2/me/devices', '/v2/me/channels', '/v2/me', '/v2/users', '/v2/me/chats'],
  ...['/v2/me/*', '/v2/*', '/*', '/v2/me/**', '/v2/**', '/**', '/notifications/services'],
];

const TAKING_CALLS = ['/v2/me/calls', '/v2/me/*', '/v2/me/**', '/v2/**', '/**'];

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

/** Calls somebody from the user's telephone, and ends all of the user's calls. */
async function live(username: User, to: string) {
  const { devices = [] } = await ask(username, '/me/devices?fields=id');
  const destination = { phoneNumber: to };
  for (const { id } of devices.slice(0, 1)) {
    await ask(username, `/me/devices/${id}/calls`, { operationName: 'Dial', destination });
  }
  const { uris = [] } = await ask(username, '/me/calls');
  for (const uri of uris) {
    const path = new URL(uri).pathname.replace('/api/v2', '');
    await ask(username, path, { operationName: 'AttachUserData', userData: { of: username } });
    await ask(username, path, { operationName: 'Hangup' });
  }
}

const subscriptions = fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 4 });
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
              takesCalls: wanted[index]?.some((one) => TAKING_CALLS.includes(one)),
            };
          }),
        );

        for (const { from, to } of made) await live(from, to);
        for (const { desktop } of desktops) await desktop.connect({ timeout: 300 });

        for (const { name, desktop, takesCalls } of desktops) {
          const numbers: readonly string[] = USERS[name];
          const strange = desktop.received.filter(
            ({ data }) => !numbers.includes(data?.phoneNumber ?? ''),
          );
          expect(strange).toEqual([]);
          // Nobody calls himself.
          const isConcerned = made.some(({ from, to }) => from === name && !numbers.includes(to));
          if (!takesCalls) expect(desktop.received).toEqual([]);
          else if (isConcerned) expect(desktop.received.length).toBeGreaterThan(0);
          await desktop.send({ channel: '/meta/disconnect' });
        }
      },
    ),
    { numRuns: 15 },
  );
});
