import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../support/ask.ts';
import { startCallees, startCallers } from '../support/phones.ts';
import { inState, openPbx, type Pbx } from './pbx.ts';

let pbx: Pbx;

beforeEach(async () => {
  pbx = await openPbx();
});
afterEach(() => pbx[Symbol.asyncDispose]());

const liveRows = () =>
  pbx.tandem.database.rows<{ nativeId: string; state: string }>(sql`
    select native_id as "nativeId", state from calls
    where connector = 'pbx' and state <> 'ENDED' order by 1`);

const liveOnSwitch = async () => {
  const { calls } = await pbx.lab.observer.list();
  return calls.map(({ nativeId, state }) => ({ nativeId, state })).toSorted(byNativeId);
};

const byNativeId = (a: { nativeId: string }, b: { nativeId: string }) =>
  a.nativeId < b.nativeId ? -1 : 1;

const callers = (calls: number, milliseconds: number) =>
  startCallers(pbx.lab.kamailio.sipPort, {
    scenario: 'uac_timed',
    calls,
    args: ['-s', '0003*210', '-key', 'ani', '40722', '-d', String(milliseconds)],
  });

test('a Kamailio that is killed loses its calls, and new ones are seen', async () => {
  const { kamailio } = pbx.lab;
  await pbx.lab.call({ callee: 'uas', until: 'CONNECTED' });
  const { id } = await pbx.until(inState('CONNECTED'));
  const demoBefore = await linkOf('demo');

  await kamailio.kill();
  await pbx.lab.phones.callee[Symbol.asyncDispose]();
  await kamailio.start();

  const lost = await pbx.until(inState('ENDED', id));
  expect(lost).toMatchObject({ disposition: 'LOST', endedBy: 'UNKNOWN' });
  await using _callee = await startCallees(kamailio.calleePort, { scenario: 'uas' });
  await using _caller = await callers(1, 60_000);
  const fresh = await pbx.until((heard) =>
    heard.find(({ call }) => call.id !== id && call.state === 'CONNECTED'),
  );
  expect(fresh.call.id).not.toBe(id);
  expect(await linkOf('demo')).toEqual(demoBefore);
});

test('a hang-up at a Kamailio that is frozen is refused in twice the time that an end is awaited', async () => {
  await pbx.lab.call({ callee: 'uas', until: 'CONNECTED' });
  const { id } = await pbx.until(inState('CONNECTED'));
  pbx.lab.kamailio.freeze();
  const began = performance.now();

  const { code } = await ask(
    pbx.tandem,
    'mutation ($callId: ID!) { hangupPhoneCall(input: { callId: $callId }) { endedIds } }',
    { variables: { callId: id } },
  );

  expect(code).toBe('SWITCH_TIMEOUT');
  expect(performance.now() - began).toBeLessThan(6_000);
});

async function linkOf(id: string) {
  const response = await fetch(`${pbx.tandem.url}/ready`);
  const { connectors } = (await response.json()) as { connectors: Record<string, object> };
  return connectors[id];
}

test('what happens while evapi is cut for 10 s is in the database afterwards', async () => {
  const { kamailio, proxy } = pbx.lab;
  await using _callees = await startCallees(kamailio.calleePort, { scenario: 'uas', calls: 100 });
  await using staying = await callers(3, 60_000);
  await using ending = await callers(3, 4_000);
  await pbx.until((heard) => heard.filter(({ call }) => call.state === 'CONNECTED').length >= 6);

  await proxy.cut();
  await using starting = await callers(3, 60_000);
  await using passing = await callers(3, 2_000);
  await using tenSeconds = await callers(1, 10_000);
  const contents = await Promise.all([ending.content, passing.content, tenSeconds.content]);
  await proxy.mend();
  await pbx.until((heard) => {
    const lost = heard.filter(({ call }) => call.disposition === 'LOST');
    return new Set(lost.map(({ call }) => call.id)).size >= 3;
  });
  await pbx.until((heard) => {
    const live = new Set<string>();
    for (const { call } of heard) {
      if (call.state === 'ENDED') live.delete(call.id);
      else live.add(call.id);
    }
    return live.size === 6;
  });

  expect(contents).toEqual([true, true, true]);
  expect(await liveRows()).toEqual(await liveOnSwitch());
  await staying[Symbol.asyncDispose]();
  await starting[Symbol.asyncDispose]();
});
