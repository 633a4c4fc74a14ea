import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { eraseSubject } from '../../src/operations/erase-subject.ts';
import { type StepOutcome, stepErasure } from '../../src/operations/erasure-step.ts';
import { findErasure } from '../../src/operations/find-erasure.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

/** A switch in London, where 9 is dialled for an outside line. */
export const NUMBERS = new Map([
  ['london', { ...PLAIN_NUMBERS, country: 'GB' as const, outside: '9' }],
]);

/** What a test begins with: all of a file share the lab, and each has a number that nobody had before. */
interface Given {
  readonly database: FreshDatabase;
  readonly lab: Lab;
  readonly number: string;
}

/** And what it does with that. */
export interface ErasureScene extends Given {
  /** Lays ended calls with a caller, and gives their ids. */
  lay(caller: string, count?: number, userData?: object): Promise<string[]>;
  /** How many of these calls are left. */
  left(ids: readonly string[]): Promise<number>;
  /** Olivia has a number erased, of calls of London's switch, too; gives the erasure's id. */
  begin(of?: string): Promise<string>;
  /** Goes on with it until it waits, is done, or somebody else is at it. */
  run(id: string): Promise<StepOutcome>;
  /** As Olivia sees it. */
  find(id: string): ReturnType<typeof findErasure>;
}

const sceneOf = (given: Given): ErasureScene => ({
  ...given,
  lay: (caller, count, userData) => layCalls(given, caller, count, userData),
  left: (ids) => countCalls(given, ids),
  begin: (of = given.number) => beginErasure(given, of),
  run: (id) => runErasure(given, id),
  find: (id) => findErasure(given.lab.as('olivia'), id),
});

/** One lab for a file, with an own number for each of its tests. Call it once, at the top. */
export function eachErasure(begin: (scene: ErasureScene) => void): void {
  let database: FreshDatabase;
  let lab: Lab;
  beforeAll(async () => {
    database = await freshDatabase();
    lab = await openLab(database);
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  beforeEach(() => begin(sceneOf({ database, lab, number: `+${randomInt(1e11, 9e11)}` })));
}

async function layCalls(
  { database, lab }: Given,
  caller: string,
  count = 1,
  userData: object | null = null,
): Promise<string[]> {
  const rows = await database.rows<{ id: string }>(sql`
    with laid as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at, ended_at, user_data)
      select gen_random_uuid(), ${lab.organization.id}::uuid, 'ENDED', 'INBOUND', 'INBOUND', now(), now(),
        ${sql.param(userData)}::jsonb from generate_series(1, ${count}::int)
      returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, state, offered_at)
    select id, '00', organization_id, 'CALLER', ${caller}, state, offered_at from laid returning call_id as id`);
  return rows.map(({ id }) => id);
}

async function beginErasure({ lab }: Given, number: string): Promise<string> {
  const context = lab.as('olivia');
  const [[id, ours] = expect.fail()] = context.switches;
  const london = [...NUMBERS].map(([name, numbers]) => [name, { ...ours, numbers }] as const);
  const switches = new Map([[id, ours], ...london]);
  const { erasureId } = await eraseSubject({ ...context, switches }, { number });
  return erasureId ?? '';
}

async function runErasure({ database }: Given, id: string): Promise<StepOutcome> {
  for (;;) {
    const outcome = await stepErasure(database, id, NUMBERS);
    if (outcome !== 'MORE') return outcome;
  }
}

async function countCalls({ database }: Given, ids: readonly string[]): Promise<number> {
  const rows = await database.rows(
    sql`select from calls where id = any(${sql.param(ids)}::uuid[])`,
  );
  return rows.length;
}
