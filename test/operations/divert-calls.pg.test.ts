import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { diversionOf, setDoNotDisturb, setForwarding } from '../../src/operations/divert-calls.ts';
import { findExtension } from '../../src/operations/find-extension.ts';
import { readDevice } from '../../src/operations/read-device.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';
import { layOrganization } from '../support/organization.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  numbers = lab.organization.numbers;
});
afterEach(() => lab[Symbol.asyncDispose]());

const asked = (number: string) => diversionOf(database, PLAIN_NUMBERS)(number, lab.organization.id);

test('a telephone is forwarded, to what a switch can dial', async () => {
  const alice = lab.as('alice');
  await setForwarding(alice, { extension: numbers.front, to: '215' });

  const [own, none] = [await asked(numbers.front), await asked(numbers.desk)];

  expect(own).toEqual({
    doNotDisturb: false,
    forwardTo: { to: numbers.desk, toExtension: true },
  });
  expect(none).toEqual({ doNotDisturb: false, forwardTo: null });
});

test('a number that another organization has, too, is diverted for its own calls alone', async () => {
  await setForwarding(lab.as('alice'), { extension: numbers.front, to: OUTSIDE });
  const other = await layOrganization(database);
  await database.rows(sql`
    update extensions set number = ${numbers.front} where number = ${other.numbers.front}`);

  const told = await Promise.all(
    [null, lab.organization.id, other.id].map((id) =>
      diversionOf(database, PLAIN_NUMBERS)(numbers.front, id),
    ),
  );

  expect(told[0]).toBeNull();
  expect(told.map((one) => one?.forwardTo?.to)).toEqual([undefined, OUTSIDE, undefined]);
});

test('a switch that calls numbers short is told of them so', async () => {
  const extensions = numbers.front.replace('210', '');
  await setForwarding(lab.as('alice'), { extension: numbers.front, to: numbers.desk });

  const told = await diversionOf(database, { ...PLAIN_NUMBERS, extensions })('210', null);

  expect(told?.forwardTo).toEqual({ to: '215', toExtension: true });
});

test('what is set of a telephone does not undo the rest, and its owner sees it', async () => {
  const alice = lab.as('alice');
  await setDoNotDisturb(alice, { extension: numbers.front, on: true });
  await setForwarding(alice, { extension: numbers.front, to: OUTSIDE });

  await setForwarding(alice, { extension: numbers.front, to: null });

  const extension = await findExtension(alice, numbers.front);
  expect(await readDevice(alice, extension)).toEqual({
    doNotDisturb: true,
    forwardTo: null,
    capabilities: ['PLACE', 'DO_NOT_DISTURB', 'FORWARD'],
  });
});

test('a colleague is not told where somebody’s calls go', async () => {
  await setForwarding(lab.as('olivia'), { extension: numbers.boss, to: OUTSIDE });
  const extension = await findExtension(lab.as('olivia'), numbers.boss);

  const [hers, his] = await Promise.all([
    readDevice(lab.as('olivia'), extension),
    readDevice(lab.as('alice'), extension),
  ]);

  expect(hers).toMatchObject({ forwardTo: OUTSIDE });
  expect(his).toBeNull();
});

test.each([
  ['a colleague’s', () => ({ extension: numbers.boss }), 'EXTENSION_NOT_FOUND'],
  ['a mailbox', () => ({ extension: numbers.mailbox }), 'EXTENSION_TYPE_NOT_ALLOWED'],
  ['none', () => ({}), 'BAD_INPUT'],
])('what is no telephone of one’s own is refused: %s', async (_name, named, code) => {
  const setting = setDoNotDisturb(lab.as('alice'), { ...named(), on: true });

  await expect(setting).rejects.toMatchObject({ code });
  expect(
    await database.rows(sql`select from diversions where do_not_disturb
    and organization_id = ${lab.organization.id}::uuid`),
  ).toEqual([]);
});

test('without a switch that asks, it is refused', async () => {
  const alice = { ...lab.as('alice'), switches: new Map() };

  const setting = setForwarding(alice, { extension: numbers.front, to: OUTSIDE });

  await expect(setting).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  expect(await asked(numbers.front)).toMatchObject({ forwardTo: null });
});
