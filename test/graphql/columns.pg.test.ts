import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { dataOf } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

/** Fields without a selection of their own, but for what is another at each moment. */
function leavesOf(type: GraphQLObjectType): string[] {
  const fields = Object.values(type.getFields());
  return fields
    .filter((field) => isLeafType(getNamedType(field.type)) && field.name !== 'duration')
    .map(({ name }) => name);
}

/** Where one of these is found that does not change by itself. */
const PLACES: Record<string, (selection: string) => string> = {
  Call: (fields) =>
    `{ found: call(identifier: { scheme: NATIVE, value: "TRS26140192" }) { ${fields} } }`,
  Participant: (fields) =>
    `{ found: call(identifier: { scheme: NATIVE, value: "TRS26140192" }) { participants { ${fields} } } }`,
  Extension: (fields) => `{ found: extension(number: "0003*210") { ${fields} } }`,
  PhoneCallEvent: (fields) =>
    `{ found: node(id: "NqeyDRqo4FtabmFj8gNWq3hsiGNYyq") { ... on PhoneCallEvent { ${fields} } } }`,
};

test.each(Object.keys(PLACES))(
  'each field of a %s is the same alone as with all others',
  async (name) => {
    const type = schema.getType(name);
    const leaves = isObjectType(type) ? leavesOf(type) : [];
    const find = async (fields: string) =>
      (await dataOf<{ found: object }>(tandem, PLACES[name]?.(fields) ?? '')).found;
    const all = await find(leaves.join(' '));

    const alone = await Promise.all(leaves.map((leaf) => find(leaf)));

    expect(leaves.length).toBeGreaterThan(4);
    expect(merged(alone)).toEqual(all);
  },
);

/** Objects put together from their parts, below lists, too. */
function merged(parts: readonly object[]): object {
  const [first] = parts;
  if (!first || !('participants' in first)) return Object.assign({}, ...parts);
  const lists = parts.map((part) => (part as { participants: object[] }).participants); // asked for just so
  const participants = lists[0]?.map((_, at) => merged(lists.map((list) => list[at] ?? {})));
  return { participants };
}
