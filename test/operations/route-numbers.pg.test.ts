import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { type NumberRules, PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { WHOLE_CALL } from '../../src/model/shape.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import { dialByRules } from '../../src/operations/dial-by-rules.ts';
import { readCalls } from '../../src/store/queries/read.ts';
import { extensions } from '../../src/store/tables/extensions.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { LAB, record, switchCall } from '../support/switch-call.ts';

const OUTSIDE = '+40722000111';

let database: FreshDatabase;
let acme: TestOrganization;
let globex: TestOrganization;

beforeAll(async () => {
  database = await freshDatabase();
  acme = await layOrganization(database);
  globex = await layOrganization(database);
  await lay(acme, '+442079460210');
  await lay(acme, '555');
  await lay(globex, '555');
});
afterAll(() => database[Symbol.asyncDispose]());

/** Another extension of the organization. */
const lay = ({ id: organizationId }: TestOrganization, number: string) =>
  database.drizzle
    .insert(extensions)
    .values({ id: uuid(), organizationId, number, shortNumber: number, kind: 'TERMINAL' });

/** Records a call between two numbers, from a switch with such rules. */
async function say(
  numbers: readonly [string, string],
  rules: Partial<NumberRules>,
  partial: { organizationId?: string; isCallerClaimed?: boolean } = {},
) {
  const call: SwitchCall = switchCall(numbers, partial);
  const source = { ...LAB, numbers: { ...PLAIN_NUMBERS, ...rules } };
  const recorded = await record(database, call, source);
  const rows = await database.rows<{ id: string }>(
    sql`select id from calls where native_id = ${call.nativeId}`,
  );
  const ids = rows.map(({ id }) => id);
  const [stored] = await readCalls(database, ids, WHOLE_CALL, EVERYTHING);
  const owners = stored?.participants?.map(({ extension }) => extension?.number ?? null);
  return { recorded, call, source, stored, owners };
}

const prefixOf = ({ numbers }: TestOrganization) => numbers.front.replace('210', '');

test.each([
  ['has proved to be an extension has its calls to others', false],
  ['only claims to be an extension takes no call away from who is called', true],
])('who %s', async (_, isCallerClaimed) => {
  const { stored } = await say([acme.numbers.front, globex.numbers.front], {}, { isCallerClaimed });

  const { id } = isCallerClaimed ? globex : acme;
  expect(stored?.organizationId).toBe(id);
});

test('who only claims to be an extension has its calls to the outside world', async () => {
  const claimed = { isCallerClaimed: true };

  const { stored, owners } = await say([acme.numbers.front, OUTSIDE], {}, claimed);

  expect(stored).toMatchObject({ organizationId: acme.id, direction: 'OUTBOUND' });
  expect(owners).toEqual([acme.numbers.front, null]);
});

test("a switch's short number is the extension that it is there", async () => {
  const { stored, owners } = await say(['210', OUTSIDE], { extensions: prefixOf(globex) });

  expect(stored).toMatchObject({ organizationId: globex.id, direction: 'OUTBOUND' });
  expect(owners).toEqual([globex.numbers.front, null]);
});

test.each(['02079460210', '9002079460210', '00442079460210', '+442079460210', '442079460210'])(
  'a call to %s is the call of the extension with that number',
  async (number) => {
    const rules = { country: 'GB', outside: '90' } as const;

    const { stored, owners } = await say([OUTSIDE, number], rules);

    expect(stored).toMatchObject({ organizationId: acme.id, direction: 'INBOUND', dnis: number });
    expect(owners).toEqual([null, '+442079460210']);
  },
);

test('a number of two organizations gives the call to neither, nor to the other party', async () => {
  const outcomes = [
    await say([OUTSIDE, '555'], {}),
    await say(['555', OUTSIDE], {}),
    await say(['555', acme.numbers.front], {}),
    await say(['215', '555'], { extensions: '5*' }),
  ];

  expect(outcomes.map(({ recorded }) => recorded)).toEqual(Array(4).fill('AMBIGUOUS'));
  expect(outcomes.map(({ stored }) => stored)).toEqual(Array(4).fill(undefined));
});

test('within the organization of a switch the same number is one extension', async () => {
  const { stored, owners } = await say([OUTSIDE, '555'], { organization: '0002' });

  expect(stored).toMatchObject({ organizationId: globex.id, direction: 'INBOUND' });
  expect(owners).toEqual([null, '555']);
});

test('all calls of such a switch are of that organization', async () => {
  const { stored, owners } = await say([acme.numbers.front, OUTSIDE], { organization: '0002' });

  expect(stored).toMatchObject({ organizationId: globex.id, direction: 'INBOUND' });
  expect(owners).toEqual([null, null]);
});

test.each<[string, Partial<NumberRules>, () => { organizationId?: string }]>([
  ['the switch says otherwise', { organization: '0002' }, () => ({ organizationId: acme.id })],
  ['there is no such organization', { organization: 'nobody' }, () => ({})],
])('nobody has a call when %s', async (_, rules, partial) => {
  const { recorded, stored } = await say([OUTSIDE, acme.numbers.front], rules, partial());

  expect([recorded, stored]).toEqual(['UNROUTED', undefined]);
});

test("another organization's extension in the call stays a number", async () => {
  const { stored, owners } = await say([acme.numbers.front, globex.numbers.front], {});

  expect(stored).toMatchObject({ organizationId: acme.id, direction: 'OUTBOUND' });
  expect(owners).toEqual([acme.numbers.front, null]);
});

test('a leg that joins later is mapped by the same rules', async () => {
  const rules = { extensions: prefixOf(acme) };
  const { call, source, stored } = await say(['210', OUTSIDE], rules);
  const third = switchCall(['215', '1']).parties.slice(0, 1);

  await record(database, { ...call, parties: [...call.parties, ...third] }, source);

  const [after] = await readCalls(database, [stored?.id ?? ''], WHOLE_CALL, EVERYTHING);
  expect(after?.participants?.map(({ extension }) => extension?.number ?? null)).toEqual([
    acme.numbers.front,
    null,
    acme.numbers.desk,
  ]);
});

test('a call that is placed begins at the number that the extension has on the switch', async () => {
  const exchange = createExchange();
  const rules = { ...PLAIN_NUMBERS, extensions: '0003*' };
  await using link = await dialByRules(createSimulator(exchange), rules).connect({
    ...{ call: () => {}, pressed: () => {} },
  });
  const request = { organizationId: acme.id, from: '0003*210', to: '0003*211', userData: {} };

  await link.place({ ...request, toExtension: true });

  expect(exchange.list().calls).toMatchObject([{ ani: '210', dnis: '211' }]);
});
