import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Cable, type Cut, openCable } from '../faults/cable.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type FleetLab, type Member, openFleetLab } from '../support/fleet-lab.ts';

let database: FreshDatabase;
let stack: AsyncDisposableStack;
let lab: FleetLab;
/** The first one's way to Postgres. */
let cable: Cable;
let mend = () => {};
let first: Member;
let second: Member;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  lab = await openFleetLab(database);
  cable = stack.use(await openCable());
  mend = () => {};
  const url = new URL(database.url);
  cable.pointTo(Number(url.port));
  url.port = String(cable.port);
  first = stack.use(await lab.join('first', url.href));
  await first.linked();
  second = stack.use(await lab.join('second'));
  await second.linked();
});
afterEach(async () => {
  mend();
  await stack[Symbol.asyncDispose]();
});

const until = async (isSo: () => boolean | Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const isUp = (member: Member) => () =>
  member.carrier.owner === 'HERE' && member.carrier.link === 'UP';

const adopt = () =>
  lab.exchange.adopt({
    ...{ nativeId: uuid(), organizationId: lab.organization.id },
    parties: [
      { role: 'CALLER', number: '0722000111' },
      { role: 'CALLEE', number: lab.organization.numbers.front },
    ],
  });

/** Every call of the switch as the database has it, with its log: version and kind of each entry. */
const recorded = () =>
  database.rows<{ nativeId: string; state: string; log: readonly string[] }>(sql`
    select native_id as "nativeId", state, array(select l.version || ' ' || l.kind from call_changes l
      where l.call_id = c.id order by l.xid, l.id) as log
    from calls c where connector = ${lab.id} order by offered_at, id`);

test('a process that stops leaves the switch to another at once, and nothing is lost or doubled', async () => {
  const stays = adopt();
  const ends = adopt();
  await first.carrier.settled();
  const from = performance.now();

  await first[Symbol.asyncDispose]();
  lab.exchange.remoteHangup(ends, 'CALLER');
  const begins = adopt();
  await until(isUp(second));

  expect(performance.now() - from).toBeLessThan(2500);
  expect(new Map((await recorded()).map(({ nativeId, ...rest }) => [nativeId, rest]))).toEqual(
    new Map([
      [stays.nativeId, { state: 'CONNECTED', log: ['1 STATE'] }],
      [ends.nativeId, { state: 'ENDED', log: ['1 STATE', '2 STATE', '3 PARTICIPANTS'] }],
      [begins.nativeId, { state: 'CONNECTED', log: ['1 STATE'] }],
    ]),
  );
});

test.each<[string, Cut | 'TERMINATE']>([
  ['are reset', 'REFUSE'],
  ['hang', 'STALL'],
  ['are swallowed', 'SWALLOW'],
  ['of its locks is ended by Postgres', 'TERMINATE'],
])('an owner whose connections %s lets go before another begins', async (_, how) => {
  adopt();
  await first.carrier.settled();
  const from = performance.now();

  if (how === 'TERMINATE') await endSession();
  else mend = cable.cut(how);
  await until(() => lab.events.filter(({ what }) => what === 'LINKED').length === 2);

  const taken = performance.now() - from;
  expect(lab.events).toEqual([
    { member: 'first', what: 'LINKED' },
    { member: 'first', what: 'CLOSED' },
    { member: expect.any(String), what: 'LINKED' },
  ]);
  expect(taken).toBeLessThan(12_000);
  await until(async () => isUp(first)() || isUp(second)());
  expect(await recorded()).toMatchObject([{ state: 'CONNECTED', log: ['1 STATE'] }]);
});

test('an owner that freezes in the midst of a transaction is taken over', async () => {
  // Every connection knows the statements: of a new one Postgres waits for the second half.
  for (let round = 0; round < 10; round += 1) {
    for (let call = 0; call < 10; call += 1) adopt();
    await first.carrier.settled();
  }
  const held = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const holder = database.transaction(async (tx) => {
    await tx.rows(sql`lock table participants in share mode`);
    holding.resolve();
    await held.promise;
  });
  await holding.promise;
  adopt();
  await until(isWriting);

  mend = cable.cut('STALL');
  held.resolve();
  await holder;
  await until(isUp(second));

  const calls = await recorded();
  expect(calls).toHaveLength(101);
  expect(new Set(calls.map(({ state, log }) => `${state} ${log}`))).toEqual(
    new Set(['CONNECTED 1 STATE']),
  );
});

/** Whether a transaction of somebody waits for the table of legs. */
const isWriting = async () => {
  const waiting =
    await database.rows(sql`select from pg_locks l join pg_class c on c.oid = l.relation
    where c.relname = 'participants' and not l.granted
      and l.database = (select oid from pg_database where datname = current_database())`);
  return waiting.length > 0;
};

test('an owner whose lock is gone refuses commands, and says that nothing was done', async () => {
  const ref = adopt();
  await first.carrier.settled();
  mend = cable.cut('STALL');
  await until(() => first.carrier.owner !== 'HERE' || lab.events.length > 1);

  const ending = first.carrier.commands.hangup(ref);

  await expect(ending).rejects.toMatchObject({ code: 'LINK_DOWN' });
  expect(lab.exchange.list().calls).toHaveLength(1);
});

test('what a former owner would still write is refused by the database', async () => {
  const ref = adopt();
  await first.carrier.settled();
  await database.rows(
    sql`update connector_links set term = term + 1, owner = ${uuid()}::uuid where connector = ${lab.id}`,
  );

  lab.exchange.remoteHangup(ref, 'CALLER');
  await first.carrier.settled();

  expect(await recorded()).toMatchObject([{ state: 'CONNECTED', log: ['1 STATE'] }]);
});

const endSession = () =>
  database.rows(sql`
    select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and application_name = 'tandem switches' and datname = current_database()`);
