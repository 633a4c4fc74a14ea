import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { eraseSubject } from '../../src/operations/erase-subject.ts';
import { type StepOutcome, stepErasure } from '../../src/operations/erasure-step.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

/** A switch in London, where 9 is dialled for an outside line. */
export const NUMBERS = new Map([
  ['london', { ...PLAIN_NUMBERS, country: 'GB' as const, outside: '9' }],
]);

/** What a test begins with: all of a file share the lab, and each has a number that nobody had before. */
export interface ErasureScene {
  readonly database: FreshDatabase;
  readonly lab: Lab;
  readonly number: string;
}

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
  beforeEach(() => begin({ database, lab, number: `+${randomInt(1e11, 9e11)}` }));
}

/** Lays ended calls with a caller, and gives their ids. */
export async function layCalls(
  { database, lab }: ErasureScene,
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

/** Olivia has a number erased, of calls of London's switch, too; gives the erasure's id. */
export async function beginErasure({ lab }: ErasureScene, number: string): Promise<string> {
  const context = lab.as('olivia');
  const [[id, ours] = expect.fail()] = context.switches;
  const london = [...NUMBERS].map(([name, numbers]) => [name, { ...ours, numbers }] as const);
  const switches = new Map([[id, ours], ...london]);
  const { erasureId } = await eraseSubject({ ...context, switches }, { number });
  return erasureId ?? '';
}

/** Goes on with it until it waits, is done, or somebody else is at it. */
export async function runErasure({ database }: ErasureScene, id: string): Promise<StepOutcome> {
  for (;;) {
    const outcome = await stepErasure(database, id, NUMBERS);
    if (outcome !== 'MORE') return outcome;
  }
}
