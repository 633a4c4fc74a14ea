import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { SwitchConnector } from '../../src/connectors/connector.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import { type NumberRules, PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { openSwitches } from '../../src/operations/open-switches.ts';
import { createManualClock } from '../connectors/manual-clock.ts';
import { freshDatabase } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';

/** A switch at work, called `lab`, and what the log says of it. */
async function openLab(
  numbers: (organization: TestOrganization) => Partial<NumberRules>,
  { hasDtmfEvents = true, confirmMs = 2000, hangupMs = 0 } = {},
) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const organization = await layOrganization(database);
  const onError = () => {};
  const feed = stack.use(await openPostgresFeed({ database, shared: false, onError }));
  const exchange = createExchange({ clock: createManualClock() });
  const warnings: object[] = [];
  const quiet = { debug: () => {}, info: () => {}, error: () => {} };
  const log = { ...quiet, warn: (facts: object) => warnings.push(facts) };
  const switches = stack.use(
    await openSwitches({
      ...{ database, feed, log, hasDtmfEvents, confirmMs },
      switches: [{ id: 'lab', connector: slowed(createSimulator(exchange), hangupMs) }],
      numbers: new Map([['lab', { ...PLAIN_NUMBERS, ...numbers(organization) }]]),
    }),
  );
  await switches.linked('lab');
  const held = stack.move();
  return {
    ...{ database, organization, exchange, warnings, switches },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The same switch, which takes so long for a hang-up. */
const slowed = (connector: SwitchConnector, ms: number): SwitchConnector => ({
  ...connector,
  async connect(events) {
    const link = await connector.connect(events);
    return { ...link, hangup: async (ref) => wait(ms).then(() => link.hangup(ref)) };
  },
});

const caller = { role: 'CALLER', number: '0722000111' } as const;

test('a call without a home is told of once, when its callee is known', async () => {
  await using lab = await openLab(({ numbers }) => ({ extensions: numbers.front.slice(0, -3) }));
  const { exchange, switches, warnings } = lab;
  exchange.adopt({ nativeId: 'alone', parties: [caller] });
  const stranger = { role: 'CALLEE', number: '0722000222' } as const;
  const strange = exchange.adopt({ nativeId: uuid(), parties: [caller, stranger] });
  exchange.adopt({ nativeId: 'ours', parties: [caller, { role: 'CALLEE', number: '210' }] });

  exchange.remoteHangup(strange, 'CALLER');
  await switches.all.get('lab')?.settled();

  expect(warnings).toEqual([{ connector: 'lab', calls: 1, nativeId: strange.nativeId }]);
  expect(switches.counts.get('lab')).toMatchObject({ resyncs: 1, dropped: 0, unrouted: 1 });
});

test('calls without a home that are not told of yet are told of when the process stops', async () => {
  await using lab = await openLab(({ numbers }) => ({ extensions: numbers.front.slice(0, -3) }));
  const { exchange, switches, warnings } = lab;
  const stranger = { role: 'CALLEE', number: '0722000222' } as const;
  for (const nativeId of ['a', 'b', 'c']) {
    exchange.adopt({ nativeId, parties: [caller, stranger] });
    // Calls are recorded side by side, in any order.
    await switches.all.get('lab')?.settled();
  }

  await lab[Symbol.asyncDispose]();

  expect(warnings).toEqual([
    { connector: 'lab', calls: 1, nativeId: 'a' },
    { connector: 'lab', calls: 2, nativeId: 'c' },
  ]);
});

test.each([
  [true, ['STATE', 'DTMF']],
  [false, ['STATE']],
])('with DTMF_EVENTS %s the log has %o', async (hasDtmfEvents, expected) => {
  await using lab = await openLab(() => ({}), { hasDtmfEvents });
  const { database, exchange, organization, switches } = lab;
  const callee = { role: 'CALLEE', number: organization.numbers.front } as const;
  const ours = exchange.adopt({ nativeId: 'ours', parties: [caller, callee] });
  const stranger = { role: 'CALLEE', number: '0722000222' } as const;
  const strange = exchange.adopt({ nativeId: 'strange', parties: [caller, stranger] });

  for (const ref of [ours, strange]) exchange.press(ref, 'CALLER', '1');
  await switches.all.get('lab')?.settled();

  const rows = await database.rows<{ kind: string }>(
    sql`select kind from call_changes order by xid, id`,
  );
  expect(rows.map(({ kind }) => kind)).toEqual(expected);
});

test('digits that nobody can press are said in the log and counted', async () => {
  await using lab = await openLab(() => ({}));
  const { exchange, organization, switches, warnings } = lab;
  const callee = { role: 'CALLEE', number: organization.numbers.front } as const;
  const ref = exchange.adopt({ nativeId: 'fax', parties: [caller, callee] });

  for (let count = 0; count < 1000; count += 1) exchange.press(ref, 'CALLER', '1');
  await switches.all.get('lab')?.settled();

  expect(warnings).toEqual([{ connector: 'lab', nativeId: 'fax' }]);
  expect(switches.counts.get('lab')).toMatchObject({ overpressed: 900 });
});

test('a call that finds its home late is recorded with a list, and is in step from then on', async () => {
  await using lab = await openLab(() => ({}));
  const { database, exchange, organization } = lab;
  const late = exchange.adopt({
    ...{ nativeId: uuid(), parties: [caller, { role: 'CALLEE', number: 'late' }] },
  });
  await lab.switches.all.get('lab')?.settled();
  await database.rows(sql`update extensions set number = 'late'
    where organization_id = ${organization.id}::uuid and number = ${organization.numbers.front}`);
  await lab.switches.all.get('lab')?.resync();

  await database.rows(sql`update calls set state = 'RINGING'`);
  await lab.switches.all.get('lab')?.resync();

  const rows = await database.rows(sql`select native_id as "nativeId", state from calls`);
  expect(rows).toEqual([{ nativeId: late.nativeId, state: 'CONNECTED' }]);
});

test('texts of a call that Postgres cannot keep hold up neither that call nor others', async () => {
  await using lab = await openLab(() => ({}));
  const { database, exchange, organization } = lab;
  const callee = { role: 'CALLEE', number: organization.numbers.front } as const;
  const broken = { role: 'CALLER', number: 'a\0b', name: '\ud800' } as const;
  exchange.adopt({ nativeId: 'one', parties: [broken, callee], userData: { 'a\0': ['\udc00'] } });
  await lab.switches.all.get('lab')?.settled();
  exchange.adopt({ nativeId: 'two', parties: [caller, callee] });

  await lab.switches.all.get('lab')?.resync();

  const rows = await database.rows(sql`
    select native_id as "nativeId", ani, user_data as "userData" from calls order by native_id`);
  expect(rows).toEqual([
    { nativeId: 'one', ani: 'a\uFFFDb', userData: { 'a\uFFFD': ['\uFFFD'] } },
    { nativeId: 'two', ani: '0722000111', userData: null },
  ]);
  expect(lab.switches.counts.get('lab')).toMatchObject({ resyncs: 2 });
});

test('rules that name an organization which is not there are told of at once', async () => {
  await using lab = await openLab(() => ({ organization: 'nosuch' }));

  const { warnings } = lab;

  expect(warnings).toEqual([{ connector: 'lab', organization: 'nosuch' }]);
});

test('a switch has its time to answer a hang-up, however shortly an end is awaited', async () => {
  await using lab = await openLab(() => ({}), { confirmMs: 100, hangupMs: 500 });
  const ref = lab.exchange.adopt({ nativeId: uuid(), parties: [caller] });

  const outcome = await lab.switches.all.get('lab')?.commands.hangup(ref);

  expect(outcome).toBe('ACCEPTED');
});
