import { sql } from 'drizzle-orm';
import pRetry from 'p-retry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KamailioLab, openKamailioLab } from '../connectors/kamailio-lab.ts';
import { openNursery, type Tandem } from '../faults/nursery.ts';
import { dataOf } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

const HANG_UP = `mutation ($callId: ID!) {
  hangupPhoneCall(input: { callId: $callId }) { endedIds failed { id } }
}`;

let stack: AsyncDisposableStack;
let lab: KamailioLab;
/** Lays the users, and knows nothing of Kamailio. */
let demo: TestTandem;
/** It has the link to Kamailio. */
let owner: Tandem;
let other: Tandem;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  lab = stack.use(await openKamailioLab());
  demo = stack.use(await startTandem({ demo: true }));
  const nursery = stack.use(openNursery());
  const settings = {
    DATABASE_URL: demo.database.url,
    CONNECTORS: `pbx=kamailio://127.0.0.1:${lab.kamailio.evapiPort}`,
    LOG_LEVEL: 'silent',
  };
  owner = await nursery.start(settings);
  await isLinked(owner, 'HERE');
  other = await nursery.start(settings);
  await isLinked(other, 'ELSEWHERE');
});
afterEach(() => stack[Symbol.asyncDispose]());

const urlOf = ({ port }: Tandem) => `http://127.0.0.1:${port}`;

async function linkOf(tandem: Tandem) {
  const response = await fetch(`${urlOf(tandem)}/ready`);
  const { connectors } = (await response.json()) as { connectors: Record<string, object> };
  return connectors['pbx'];
}

/** Resolves when a process says so of the link to Kamailio. */
const isLinked = (tandem: Tandem, place: 'HERE' | 'ELSEWHERE') =>
  pRetry(async () => expect(await linkOf(tandem)).toMatchObject({ owner: place, link: 'UP' }), {
    ...{ retries: 200, minTimeout: 50, maxTimeout: 50 },
  });

/** A call of two real phones; its id when it is recorded as connected. */
async function talk(): Promise<string> {
  const { nativeId } = await lab.call({ callee: 'uas', until: 'CONNECTED' });
  const find = async () => {
    const [row] = await demo.database.rows<{ id: string }>(
      sql`select id from calls where native_id = ${nativeId} and state = 'CONNECTED'`,
    );
    if (!row) throw new Error('It is not recorded yet.');
    return row.id;
  };
  return pRetry(find, { retries: 400, minTimeout: 50, maxTimeout: 50 });
}

const hangUp = (tandem: Tandem, callId: string) =>
  dataOf({ url: urlOf(tandem) }, HANG_UP, { variables: { callId } });

/** Both phones got what their scenarios wait for. */
const contents = () => Promise.all([lab.phones.caller.content, lab.phones.callee.content]);

test('a hang-up at a process without the link sends BYE to both phones', async () => {
  const id = await talk();

  const data = await hangUp(other, id);

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  expect(await contents()).toEqual([true, true]);
});

test('when the owner is killed, the other sees and ends what was begun meanwhile', async () => {
  owner.send('SIGKILL');
  await owner.gone;
  const id = await talk();

  const data = await hangUp(other, id);

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  expect(await contents()).toEqual([true, true]);
  expect(await linkOf(other)).toMatchObject({ owner: 'HERE', link: 'UP' });
});

test('an owner that was stopped for a while has lost the link, and hands its commands over', async () => {
  owner.send('SIGSTOP');
  await isLinked(other, 'HERE');
  const id = await talk();
  owner.send('SIGCONT');
  await isLinked(owner, 'ELSEWHERE');

  const data = await hangUp(owner, id);

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  expect(await contents()).toEqual([true, true]);
  const [call] = await demo.database.rows(sql`
    select disposition, version, (select count(*)::int from call_changes l where l.call_id = c.id) as entries
    from calls c where id = ${id}::uuid`);
  expect(call).toMatchObject({ disposition: 'ANSWERED' });
  expect(call?.['entries']).toBe(call?.['version']);
});
