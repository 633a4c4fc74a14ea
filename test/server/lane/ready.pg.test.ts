import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../../src/graphql/schema.ts';
import { importFile } from '../../../src/import/import.ts';
import { type BothWays, startBothWays, tokenOf } from './both-ways.ts';

/** What Postgres and JavaScript might write in two ways. */
const ODD = 'a"b\\c/d\u0001\b\f\n\r\t\u001f\u007f\u2028\u2029é😀</script>$1$&';

/** Calls among alice's and olivia's extensions and the world, with and without what may be missing. */
async function* calls() {
  for (let n = 0; n < 12; n += 1) {
    const at = (seconds: number) =>
      new Date(1_790_000_000_000 + n * 61_007 + seconds * 1000).toISOString();
    const isAnswered = n % 3 > 0;
    yield JSON.stringify({
      ...{
        type: 'call',
        organization: 'acme',
        state: 'ENDED',
        direction: n % 2 ? 'INBOUND' : 'INTERNAL',
        callType: n % 2 ? 'INBOUND' : 'INTERNAL',
      },
      ...(n % 2 && { ani: '+40722000111' }),
      ...{
        dnis: '0003*210',
        offeredAt: at(0),
        endedAt: at(60),
        disposition: isAnswered ? 'ANSWERED' : 'NO_ANSWER',
      },
      ...(isAnswered && { answeredAt: at(5), q850Cause: 16 }),
      participants: [
        n % 2
          ? { role: 'CALLER', number: '+40722000111' }
          : { role: 'CALLER', number: '15001', extension: '15001' },
        { role: 'CALLEE', number: '0003*210', extension: '0003*210' },
        ...(n % 4 ? [] : [{ role: 'CALLEE', number: '8856', extension: '8856' }]),
      ],
    });
  }
}

let both: BothWays;
beforeAll(async () => {
  both = await startBothWays({ RATE_LIMIT: '1000000', MAX_COST: '100000' });
  const { database } = both;
  await importFile({ database, lines: calls() });
  await database.rows(sql`update extensions set label = ${ODD} where kind = 'TERMINAL'`);
  await database.rows(sql`update users set display_name = ${ODD}`);
  await database.rows(sql`update participants set name = ${ODD} where sequence = '00'`);
  await database.rows(sql`update phone_call_events set note = ${ODD} where type > 0`);
});
afterAll(() => both[Symbol.asyncDispose]());

/** The properties of a type that the store has as they are; those that are JSON it writes in its own way. */
function propertiesOf(typeName: string): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object.`);
  return Object.values(type.getFields())
    .filter((field) => !field.resolve && isLeafType(getNamedType(field.type)))
    .filter((field) => getNamedType(field.type).name !== 'JSON')
    .map(({ name }) => name);
}

/** Some of them, some by names of their own, in any order. */
const some = (typeName: string) =>
  fc
    .shuffledSubarray([...propertiesOf(typeName), '__typename'], { minLength: 1 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) => fc.constantFrom(name, name, `${'x'.repeat(70)}_${name}: ${name}`)),
      ),
    )
    .map(([first = '', ...more]) => [first.replace(/^(\w+: )?/, 'o: '), ...more].join(' '));

const maybe = (part: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), part);
const within = (name: string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => `${name} { ${texts.join(' ')} }`);

const extension = within('extension', some('Extension'), maybe(within('owner', some('User'))));
const call = fc
  .tuple(some('Call'), maybe(within('participants', some('Participant'), maybe(extension))))
  .map((parts) => parts.join(' '));
const INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount __typename';

const page = (name: string, more: string, nodes: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.constantFrom('first: 2', 'last: 2', 'first: 20', 'last: 20'),
      nodes,
      maybe(fc.constant(INFO)),
    )
    .map(([args, fields, info]) => `${name}(${args}${more}) { nodes { ${fields} } ${info} }`);

const below = (number: string, list: fc.Arbitrary<string>) =>
  within(`extension(number: "${number}")`, some('Extension'), list);

const documents = fc
  .oneof(
    page('calls', '', call),
    page('calls', ', filter: { states: [CONNECTED, HELD, RINGING] }', call),
    page('calls', ', extension: "210"', call),
    below('0003*210', page('calls', '', call)),
    below('8856', page('calls', ', states: [ENDED]', call)),
    below('0003*210', page('phoneCallEvents', '', some('PhoneCallEvent'))),
    page('phoneCallEvents', '', some('PhoneCallEvent')),
    page('extensions', '', fc.oneof(some('Extension'), within('owner', some('User')))),
    within('viewer', page('calls', '', call), page('extensions', '', some('Extension'))),
  )
  .map((root) => `{ ${root} }`);

const requestOf = (query: string, username: string) => {
  const body = JSON.stringify({ query });
  const head = `Host: a.example\r\nX-Request-Id: same\r\nConnection: close\r\nContent-Type: application/json\r\n`;
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `POST /graphql HTTP/1.1\r\n${head}Authorization: Bearer ${tokenOf(username)}\r\n${length}\r\n${body}`;
};

test('a page that Postgres has written is the same to the byte as one that was executed', {
  timeout: 120_000,
}, async () => {
  const users = fc.constantFrom('alice', 'olivia');
  const property = fc.asyncProperty(documents, users, async (query, username) => {
    const [lane, yoga] = await both.exchange(requestOf(query, username));

    expect(lane).toBe(yoga);
    expect(lane).toContain('HTTP/1.1 200');
    expect(lane).not.toContain('"errors"');
  });

  await fc.assert(property, { numRuns: 300, endOnFailure: true, interruptAfterTimeLimit: 60_000 });
});

test('odd letters come as JavaScript would write them', async () => {
  const query = '{ calls { nodes { participants { name extension { label } } } } }';

  const [lane, yoga] = await both.exchange(requestOf(query, 'alice'));

  // What was received is read byte by byte.
  const odd = Buffer.from(JSON.stringify(ODD)).toString('latin1');
  expect(lane).toContain(`"name":${odd}`);
  expect(lane).toContain(`"label":${odd}`);
  expect(lane).toBe(yoga);
});
