import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eraseSubject } from '../../src/operations/erase-subject.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

/** More than two pages of them. */
const CALLS = 4500;

let fresh: FreshDatabase;
let database: Database;
let lab: Lab;
let number: string;
/** Statements that count, and how many ran at once at most. */
let seen = { statements: 0, running: 0, most: 0 };
/** Counting waits for it. */
let gate = Promise.resolve();
beforeAll(async () => {
  fresh = await freshDatabase();
  const around = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
    if (!text.includes('as looked')) return work();
    seen.statements += 1;
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await gate;
    return work().finally(() => {
      seen.running -= 1;
    });
  };
  database = openDatabase({ url: fresh.url, connections: 10, around });
  lab = await openLab(database);
  number = `+${randomInt(1e11, 9e11)}`;
  await database.rows(sql`
    insert into calls (id, organization_id, state, direction, call_type, ani, offered_at, ended_at, held_for_legal)
    select gen_random_uuid(), ${lab.organization.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND',
      case n % 3 when 0 then ${number} else '1' end, now() - n % 2 * interval '1 hour', now(), n = 3
    from generate_series(1, ${CALLS}::int) n`);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});
beforeEach(() => {
  seen = { statements: 0, running: 0, most: 0 };
  gate = Promise.resolve();
});

const dryRun = (signal?: AbortSignal) => {
  const context = lab.as('olivia');
  return eraseSubject({ ...context, signal: signal ?? context.signal }, { number, dryRun: true });
};

test('many calls are counted by many statements, and each call once', async () => {
  const { id } = await lab.adopt([number, '1']);

  const { counts } = await dryRun();

  expect(counts).toEqual({ calls: CALLS / 3 + 1, live: 1, held: 1 });
  expect(seen.statements).toBe(3);
  const begun = await eraseSubject(lab.as('olivia'), { number });
  const [row] = await database.rows(sql`
    select cursor -> 'live' as live, expected from erasures where id = ${begun.erasureId}::uuid`);
  expect(row).toEqual({ live: [id], expected: counts.calls });
});

test('of counts that are asked for at once one runs, the next wait, and one too many is told to come back', async () => {
  const all = Promise.withResolvers<void>();
  gate = all.promise;
  let refusals = 0;
  const onRefused = () => {
    refusals += 1;
    if (refusals === 2) all.resolve();
  };

  const asked = Array.from({ length: 7 }, () => dryRun());
  for (const one of asked) one.catch(onRefused);
  const answers = await Promise.allSettled(asked);

  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused).toEqual(
    Array(2).fill({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) }),
    }),
  );
  expect(seen).toEqual({ statements: 15, running: 0, most: 1 });
  expect((await dryRun()).counts).toMatchObject({ held: 1 });
});

test('a dry run that nobody waits for any more ends, and keeps nobody waiting', async () => {
  const gone = new AbortController();
  const first = dryRun(gone.signal);
  const next = dryRun();
  gone.abort();

  const answers = await Promise.allSettled([first, next]);

  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(seen.statements).toBe(3);
});
