import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, cometD3, cometD9, configure } from './clients.ts';
import { type Desks, openDesks, SEED } from './desks.ts';
import type { Message } from './desktop.ts';

let desks: Desks;
let snippet: string;

beforeAll(async () => {
  desks = await openDesks();
  const readme = await readFile(`${import.meta.dirname}/../../../README.md`, 'utf8');
  snippet = /```js\n(const KEY = .*?)```/s.exec(readme)?.[1] ?? '';
});
afterAll(() => desks[Symbol.asyncDispose]());

const CLIENTS = [
  ['CometD 9', cometD9],
  ['CometD 3', cometD3],
] as const;

/** A page that does as the README says, with what its browser has kept. */
function openPage(client: Client, stored: Map<string, string>) {
  const received: Message[] = [];
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  };
  const onMessage = (message: Message) => received.push(message);
  configure(client, desks.url, 'alice');
  runInNewContext(snippet, { cometd: client, localStorage, onMessage, setTimeout });
  client.handshake();
  return received;
}

const attach = (key: string) =>
  desks.post(`/me/calls/${SEED}`, { operationName: 'AttachUserData', userData: { [key]: '1' } });

const hasHeard = (received: readonly Message[], key: string) =>
  received.some(({ data }) => key in (data?.call?.userData ?? {}));

const leave = (client: Client) => new Promise<void>((resolve) => client.disconnect(resolve));

test.each(CLIENTS)(
  'as the README says, %s gets over a position that is none',
  async (name, make) => {
    const stored = new Map([['tandem.replay', 'nonsense']]);
    const client = make();

    const received = openPage(client, stored);

    await expect.poll(() => stored.get('tandem.replay'), { timeout: 5000 }).toMatch(/^\w{20}/);
    await attach(`later, by ${name}`);
    await expect.poll(() => hasHeard(received, `later, by ${name}`), { timeout: 5000 }).toBe(true);
    await leave(client);
  },
);

test.each(CLIENTS)(
  'as the README says, %s misses nothing while its page is away',
  async (name, make) => {
    const stored = new Map<string, string>();
    const before = make();
    const heard = openPage(before, stored);
    await expect.poll(() => stored.size, { timeout: 5000 }).toBe(1);
    await attach(`first, by ${name}`);
    await expect.poll(() => hasHeard(heard, `first, by ${name}`), { timeout: 5000 }).toBe(true);
    await leave(before);
    await attach(`meanwhile, by ${name}`);

    const client = make();
    const received = openPage(client, stored);

    await expect
      .poll(() => hasHeard(received, `meanwhile, by ${name}`), { timeout: 5000 })
      .toBe(true);
    await leave(client);
  },
);
