import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setAgentState } from '../../src/operations/agent-state.ts';
import type { Context } from '../../src/operations/context.ts';
import { setForwarding } from '../../src/operations/divert-calls.ts';
import { type AgentChange, startAgentWatch } from '../../src/operations/watch-agents.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

const AN_HOUR_MS = 3_600_000;

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

test.each<[string, boolean, (context: Context, turn: number) => Promise<unknown>]>([
  [
    'an agent does',
    true,
    (context, turn) => setAgentState(context, { state: 'READY', reason: `${turn}` }),
  ],
  [
    'becomes of calls to its telephone',
    false,
    (context, turn) =>
      setForwarding(context, { extension: lab.organization.numbers.front, to: `072200011${turn}` }),
  ],
])('what %s, by this process, is told at once', async (_name, hasState, change) => {
  const failures: unknown[] = [];
  using agents = startAgentWatch(database, (error) => failures.push(error), AN_HOUR_MS);
  const context = { ...lab.as('alice'), agents };
  const told: AgentChange[] = [];
  agents.watch(context.principal.userId, (news) => told.push(news));
  let turn = 0;

  // What is so when the first look is made is no change.
  await vi.waitFor(async () => {
    turn += 1;
    await change(context, turn);
    expect(told).not.toEqual([]);
  });

  expect(told[0]).toEqual({ hasState });
  expect(failures).toEqual([]);
});
