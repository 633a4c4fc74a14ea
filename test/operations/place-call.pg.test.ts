import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { visibilityOf } from '../../src/auth/principal.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import { type NumberRules, PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import type { Context } from '../../src/operations/context.ts';
import { openSwitches } from '../../src/operations/open-switches.ts';
import { placeCall } from '../../src/operations/place-call.ts';
import { createManualClock } from '../connectors/manual-clock.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let acme: TestOrganization;
let globex: TestOrganization;
let stack: AsyncDisposableStack;

beforeAll(async () => {
  database = await freshDatabase();
  acme = await layOrganization(database);
  globex = await layOrganization(database);
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack[Symbol.asyncDispose]());

/** Switches with such rules, in this order; `on` gives how many calls each of them has. */
async function openLab(rules: Readonly<Record<string, Partial<NumberRules>>>) {
  const exchanges = Object.keys(rules).map((id) => {
    const exchange = createExchange({ clock: createManualClock() });
    return { id, exchange, connector: createSimulator(exchange) };
  });
  const onError = () => {};
  const feed = stack.use(await openPostgresFeed({ database, shared: false, onError }));
  const { all, linked } = stack.use(
    await openSwitches({
      ...{ database, feed, switches: exchanges },
      numbers: new Map(
        Object.entries(rules).map(([id, some]) => [id, { ...PLAIN_NUMBERS, ...some }]),
      ),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    }),
  );
  for (const { id } of exchanges) await linked(id);
  const as = (organization: TestOrganization): Context => {
    const principal = organization.principal('alice');
    return {
      ...{ database, feed, switches: all, confirmMs: 400 },
      ...{ dialect: 'graphql', requestId: uuid() },
      ...{ principal, visibility: visibilityOf(principal), signal: new AbortController().signal },
    };
  };
  const on = () => exchanges.map(({ exchange }) => exchange.list().calls.length);
  return { as, on };
}

const keyOf = async ({ id }: TestOrganization) => {
  const [row] = await database.rows<{ key: string }>(
    sql`select key from organizations where id = ${id}::uuid`,
  );
  return row?.key ?? '';
};
const prefixOf = ({ numbers }: TestOrganization) => numbers.front.replace('210', '');

test("a call is placed on the organization's own switch, not on another's", async () => {
  const lab = await openLab({
    theirs: { organization: await keyOf(acme) },
    everybodys: {},
    ours: { organization: await keyOf(globex) },
  });

  await placeCall(lab.as(globex), { extension: '210', to: OUTSIDE });

  expect(lab.on()).toEqual([0, 0, 1]);
});

test('a call is placed where the extension has its short number', async () => {
  const lab = await openLab({
    first: { extensions: prefixOf(acme) },
    second: {},
    third: { extensions: prefixOf(globex) },
  });

  await placeCall(lab.as(globex), { extension: '210', to: OUTSIDE });

  expect(lab.on()).toEqual([0, 0, 1]);
});

test("when there are but others' switches, nothing is placed", async () => {
  const lab = await openLab({ theirs: { organization: await keyOf(acme) } });

  const placing = placeCall(lab.as(globex), { extension: '210', to: OUTSIDE });

  await expect(placing).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  expect(lab.on()).toEqual([0]);
});
