import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { demoRecords } from '../../../src/cli/demo-data.ts';
import { importFile } from '../../../src/import/import.ts';
import { freshHome, type Home, type Serving } from '../../cli/tandem.ts';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';
import { byCometD3, byCometD9, byFaye, type LibraryClient } from './clients.ts';
import { basic, type Message } from './desktop.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let home: Home;
let tandem: Serving;

async function* lines() {
  for (const record of demoRecords(new Date())) yield JSON.stringify(record);
}

beforeAll(async () => {
  database = await freshDatabase();
  await importFile({ database, lines: lines() });
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  home = await freshHome();
  tandem = await serve('0');
  await untilReady();
});
afterEach(() => home[Symbol.asyncDispose]());

const serve = (PORT: string) =>
  home.serve('serve', { DATABASE_URL: database.url, CONNECTORS: 'lab=simulator:', PORT });

/** The process before may have had the switch. */
async function untilReady() {
  for (let ready = false; !ready; ) ready = (await fetch(`${tandem.url}/ready`)).ok;
}

const ask = async (path: string, body?: object) => {
  const response = await fetch(`${tandem.url}/api/v2${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: basic('alice') },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as { statusCode: number } & Record<string, never>;
};

/** Waits until something was delivered. */
async function heard(client: LibraryClient, isSo: (message: Message) => boolean) {
  await expect.poll(() => client.received.some(isSo), { timeout: 20_000, interval: 50 }).toBe(true);
}

const lifeOf = ({ received }: LibraryClient) =>
  received.map(({ data }) => `${data?.notificationType} ${data?.call.state}`);

const isState = (state: string) => (message: Message) => message.data?.call.state === state;

const CLIENTS = [
  ['CometD 9 with acknowledgements', byCometD9, '/v2/me/*'],
  ['CometD 3', byCometD3, '/v2/me/*'],
  ['faye', byFaye, '/**'],
] as const;

test.each(CLIENTS)(
  '%s is told of a whole call, and loses nothing by a crash',
  async (_name, follow, channel) => {
    const client = await follow(tandem.url, 'alice', channel);
    const device = '631608b3-ceb1-472b-ba05-2ae39555b0d1';
    const dial = { operationName: 'Dial', destination: { phoneNumber: OUTSIDE } };
    await ask(`/me/devices/${device}/calls`, dial);
    await heard(client, isState('Established'));
    const id = client.received[0]?.data?.call.id;
    await ask(`/me/calls/${id}`, { operationName: 'Hold' });
    await heard(client, isState('Held'));

    tandem.process.kill('SIGKILL');
    await tandem.ended;
    const before = client.received.length;
    tandem = await serve(new URL(tandem.url).port);

    await heard(client, isState('Released'));
    expect(lifeOf(client).slice(0, before)).toEqual([
      'StatusChange Dialing',
      'StatusChange Established',
      'StatusChange Held',
    ]);
    // The switch was in the memory of the process: what was up on it is gone.
    expect(lifeOf(client).slice(before)).toEqual(['StatusChange Released']);
    await client.leave();
  },
);

test.each(CLIENTS)('%s comes back after a stop', async (_name, follow, channel) => {
  const client = await follow(tandem.url, 'alice', channel);
  tandem.process.kill('SIGTERM');
  await tandem.ended;
  tandem = await serve(new URL(tandem.url).port);
  await untilReady();

  const device = '631608b3-ceb1-472b-ba05-2ae39555b0d1';
  const dial = { operationName: 'Dial', destination: { phoneNumber: OUTSIDE } };
  await ask(`/me/devices/${device}/calls`, dial);

  await heard(client, isState('Established'));
  await client.leave();
});
