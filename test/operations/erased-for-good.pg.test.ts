import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo.ts';
import { readConfig } from '../../src/config.ts';
import { importFile } from '../../src/import/import.ts';
import { createLogger } from '../../src/observe/log.ts';
import { dataOf } from '../support/ask.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { dumpOf, foundIn } from '../support/dump.ts';
import { pressKeys } from '../support/press.ts';

let stack: AsyncDisposableStack;
let database: FreshDatabase;
let url: string;
let logged: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await freshDatabase());
  logged = [];
  const log = createLogger('debug', { write: (line) => logged.push(line) });
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0' });
  const tandem = stack.use(await openDemo({ config, database, log }));
  url = `http://127.0.0.1:${tandem.port}`;
  // All that happens is fired, too, and nobody answers.
  await database.rows(sql`
    insert into phone_call_events (row_id, organization_id, extension_id, id, type, method, url, status)
    select gen_random_uuid(), organization_id, id, md5(id::text || type), type, 'POST', 'http://127.0.0.1:1/', 'ENABLED'
    from extensions cross join generate_series(0, 4) type`);
});
afterEach(() => stack.disposeAsync());

const digits = () => String(randomInt(1e12, 9e12));
/** What nobody may find afterwards. */
const secrets = () => ({
  number: `+${digits()}`,
  name: `Zoë ${randomUUID()}`,
  key: `key-${randomUUID()}`,
  value: `"${randomUUID()}"`,
  native: `native-${randomUUID()}`,
});
type Secrets = ReturnType<typeof secrets>;

const as = 'olivia';
const asked = <Data>(query: string, input: object) =>
  dataOf<Data>({ url }, query, { as, variables: { input } });

/** Lays a call that has ended. */
async function lay(call: object) {
  const [offeredAt, endedAt] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'];
  const common = { type: 'call', organization: 'acme', state: 'ENDED', offeredAt, endedAt };
  const record = { ...common, direction: 'INBOUND', callType: 'INBOUND', ...call };
  async function* lines() {
    yield JSON.stringify(record);
  }
  await importFile({ database, lines: lines() });
}

const layWith = ({ number, name, key, value, native }: Secrets) =>
  lay({
    identifiers: [{ scheme: 'NATIVE', value: native }],
    ani: number,
    dnis: '8856',
    userData: { [key]: { deep: [value, number] } },
    participants: [
      { role: 'CALLER', number, name },
      { role: 'CALLEE', number: '8856', extension: '8856' },
    ],
  });

/** Places a call that connects; gives its id. */
async function place({ number, key, value }: Secrets): Promise<string> {
  const { placeCall } = await asked<{ placeCall: { call: { id: string } } }>(
    `mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } } }`,
    { extension: '15000', to: number, userData: { [key]: value } },
  );
  return placeCall.call.id;
}

const hangUp = (callId: string) =>
  asked(
    'mutation ($input: HangupPhoneCallInput!) { hangupPhoneCall(input: $input) { endedIds } }',
    { callId },
  );
const remove = (selector: object) =>
  asked('mutation ($input: DeleteCallInput!) { deleteCall(input: $input) { outcome } }', {
    selector,
  });
const attach = (callId: string, userData: object) =>
  asked(
    'mutation ($input: UpdateUserDataInput!) { updateUserData(input: $input) { call { id } } }',
    { callId, userData },
  );

async function erase(number: string): Promise<Record<string, unknown>> {
  const { eraseSubject } = await dataOf<{ eraseSubject: { erasure: { id: string } } }>(
    { url },
    'mutation ($input: EraseSubjectInput!) { eraseSubject(input: $input) { erasure { id } } }',
    // Some name their requests after what they are about.
    {
      ...{ as, variables: { input: { number, idempotencyKey: `erase ${number}` } } },
      headers: { 'x-request-id': `erase-${number.slice(1)}` },
    },
  );
  const query =
    'query ($id: ID!) { erasure(id: $id) { state erased cleared held finishedAt certificate { text } } }';
  for (;;) {
    const variables = { id: eraseSubject.erasure.id };
    const { erasure } = await dataOf<{ erasure: Record<string, unknown> }>({ url }, query, {
      as,
      variables,
    });
    if (erasure['state'] === 'DONE') return erasure;
  }
}

const written = async () => `${await dumpOf(database.url)}\n${logged.join('')}`;

test('what is looked for would be found', async () => {
  const one = secrets();
  await layWith(one);

  const found = foundIn(await written(), Object.values(one));

  expect(found).toEqual(Object.values(one));
});

test('nothing of a deleted call is left in the database and the log', async () => {
  const [ended, marked] = [secrets(), secrets()];
  await layWith(ended);
  const callId = await place(marked);
  const pin = digits();
  await pressKeys(database, callId, pin);
  await remove({ callId });
  await hangUp(callId);

  await remove({ identifier: { scheme: 'NATIVE', value: ended.native } });

  const { number, key, value } = marked;
  expect(foundIn(await written(), [...Object.values(ended), number, key, value, pin])).toEqual([]);
});

test('nothing of deleted user data is left in the database and the log', async () => {
  const [one, two] = [secrets(), secrets()];
  const callId = await place(one);
  await attach(callId, { [two.key]: two.value });
  const pin = digits();
  await pressKeys(database, callId, pin);

  await asked(
    'mutation ($input: DeleteUserDataInput!) { deleteUserData(input: $input) { call { id } } }',
    { callId },
  );

  expect(foundIn(await written(), [one.key, one.value, two.key, two.value, pin])).toEqual([]);
  expect(foundIn(await written(), [one.number])).toEqual([one.number]);
});

test('nothing of an erased number is left in the database and the log', async () => {
  const [one, other, replaced] = [secrets(), secrets(), secrets()];
  await layWith(one);
  await lay({ dnis: one.number, userData: { of: other.value } });
  await lay({ ani: other.number, userData: { callBack: one.number.slice(1), stays: other.value } });
  const live = await place({ ...secrets(), number: one.number });
  const changed = await place({ ...replaced, value: `call ${one.number} back` });
  await attach(changed, { [replaced.key]: replaced.name });
  await asked('mutation ($input: AddMarkerInput!) { addMarker(input: $input) { call { id } } }', {
    selector: { callId: changed },
    name: `number ${one.number}`,
  });
  const keyed = [one.number.slice(1, 7), one.number.slice(7)];
  await pressKeys(database, changed, ...keyed);
  await hangUp(changed);
  await hangUp(live);

  const erasure = await erase(one.number);

  expect(erasure).toMatchObject({ erased: 3, cleared: 2, held: 0 });
  const left = await written();
  expect(foundIn(left, [...Object.values(one), ...keyed])).toEqual([]);
  const untouched = [other.number, other.value, replaced.number];
  expect(foundIn(left, untouched)).toEqual(untouched);
});
