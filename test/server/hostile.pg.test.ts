import fc from 'fast-check';
import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { bearer } from '../support/ask.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true, settings: { RATE_LIMIT: '1000000' } });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const NASTY = [
  ...['', ' ', '\0', 'a\0b', '\ud800', '\udfff', 'a\udc00b', '\u2028', '\u202e', '\ufeff', '😀'],
  ...["'", '"', '`', '\\', "' or 1=1 --", '"; drop table calls; --', '$1', '{{x}}', '<x>'],
  ...['%', '%%', '%00', '%zz', '%c0%ae', '%2f', '../..', '..%2f', '@me', '@owner', '@self', '*'],
  ...['0003*210', '8856', '-1', '1e400', 'NaN', 'null', 'true', '[]', '{}', '\r\nX: y'],
  ...['__proto__', 'constructor', 'toString', 'x'.repeat(100_000), '😀'.repeat(20_000)],
  ...['00000000-0000-0000-0000-000000000000', 'NqeyDRqo4FtabmFj8gNWq3hsiGNYyq'],
];

const hostile = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  // Long, and nothing that compresses: what an index has no place for.
  fc.string({ unit: 'binary', minLength: 8000, maxLength: 9000 }),
);

/** Values of an input type whose every text is hostile; what is no text is well-formed. */
function textsFor(type: GraphQLInputType): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return textsFor(type.ofType);
  if (isListType(type)) return fc.array(textsFor(type.ofType), { maxLength: 3 });
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const values = Object.fromEntries(fields.map((field) => [field.name, textsFor(field.type)]));
    const requiredKeys = fields
      .filter((field) => isNonNullType(field.type))
      .map(({ name }) => name);
    return fc.record(values, { requiredKeys });
  }
  if (!isScalarType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (type.name === 'Int') return fc.constantFrom(0, 1, 4, -1, 2147483647);
  if (type.name === 'Boolean') return fc.boolean();
  return type.name === 'JSON' ? fc.dictionary(hostile, hostile, { maxKeys: 3 }) : hostile;
}

const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {})
    .filter(({ args }) => args.length > 0)
    .map((field) => ({ field, operation: type === schema.getQueryType() ? 'query' : 'mutation' })),
);

const post = async (body: unknown) => {
  const response = await fetch(`${tandem.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer('alice') },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

const runs = { numRuns: 60, endOnFailure: true };

test.each(roots.map(({ field, operation }) => [operation, field.name, field] as const))(
  'the %s %s has an answer to every text in its arguments',
  async (operation, name, field) => {
    const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
    const given = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
    const query = `${operation} (${declared}) { ${name}(${given}) { __typename } }`;
    expect(getNamedType(field.type)).toBeDefined();
    const variables = fc.record(
      Object.fromEntries(field.args.map((arg) => [arg.name, textsFor(arg.type)])),
    );

    await fc.assert(
      fc.asyncProperty(variables, async (values) => {
        const { status, text } = await post({ query, variables: values });

        expect(status).toBeLessThan(500);
        expect(JSON.parse(text)).not.toMatchObject({
          errors: [{ extensions: { code: 'INTERNAL' } }],
        });
      }),
      runs,
    );
  },
);

test('what is no document, no operation and no variable is answered, too', async () => {
  const body = fc.record({ query: hostile, operationName: hostile, variables: fc.jsonValue() });

  await fc.assert(
    fc.asyncProperty(body, async (values) => {
      const { status } = await post(values);

      expect(status).toBeLessThan(500);
    }),
    runs,
  );
});

const PATHS = [
  ['DELETE', (a: string, b: string) => `/uapi/extensions/@me/${a}/phoneCallEvents/${b}`],
  ['DELETE', (a: string, b: string) => `/uapi/extensions/${a}/0003*210/phoneCallEvents/0/${b}`],
  ['DELETE', (a: string, b: string) => `/uapi/phoneCalls/${a}/${b}/x?phoneNumber=${b}`],
  ['POST', (a: string, b: string) => `/api/v2/me/calls/${a}?${b}`],
  [
    'GET',
    (a: string, b: string) => `/verba/api?action=DeleteCall&apiKey=${a}&callID=${b}&token=${a}`,
  ],
  ['GET', (a: string, b: string) => `/${a}/${b}`],
] as const;

/** As sent by a client that escapes, and by one that does not as far as URLs allow. */
const segment = hostile
  .map((text) => text.slice(0, 3000).toWellFormed())
  .chain((text) =>
    fc.constantFrom(encodeURIComponent(text), encodeURI(text).replaceAll('%25', '%')),
  );

test.each(PATHS)('%s %s has an answer to every text in the path', async (method, path) => {
  await fc.assert(
    fc.asyncProperty(segment, segment, fc.boolean(), async (a, b, basic) => {
      const authorization = basic ? `Basic ${btoa('alice:demo')}` : bearer('alice').authorization;
      const init = { method, headers: { authorization } };

      const response = await fetch(`${tandem.url}${path(a, b)}`, init);

      expect(response.status === 501 || response.status < 500).toBe(true);
    }),
    runs,
  );
});
