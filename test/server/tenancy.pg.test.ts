import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { bearer } from '../support/ask.ts';
import { follow } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { ATTACKS, LEGACY_ATTACKS, type Names, NO_NAMES } from './tenancy-attacks.ts';
import { dump, lay } from './tenancy-scene.ts';

/** The answers tell all there is, under a name for each field. */
const UNLIMITED = { RATE_LIMIT: '100000', MAX_ALIASES: '10000', MAX_COST: '100000000' };

let tandem: TestTandem;
let acme: Names;
let globex: Names;
beforeAll(async () => {
  tandem = await startTandem({ demo: true, settings: UNLIMITED });
  acme = await lay(tandem, 'acme', 'alice', '8856', 'ACME-1', '4720001');
  globex = await lay(tandem, 'globex', 'bob', '0004*210', 'GLOBEX-1', '4730001');
});
afterAll(() => tandem[Symbol.asyncDispose]());

const NOTHING: Names = {
  callId: '01999999-9999-7999-8999-999999999999',
  liveCallId: '01999999-9999-7999-8999-99999999999a',
  native: 'NOBODY-1',
  extension: '0009*999',
  extensionId: '01999999-9999-7999-8999-99999999999b',
  eventId: 'nobodynobodynobodynobodynobody',
  userNumber: '999',
  userId: '01999999-9999-7999-8999-99999999999c',
  organizationId: '01999999-9999-7999-8999-99999999999d',
  erasureId: '01999999-9999-7999-8999-99999999999e',
  deliveryId: '01999999-9999-7999-8999-99999999999d',
  party: '4799999',
};

/** All that a type can tell, some levels down. */
function tellAll(type: GraphQLOutputType, levels: number): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const members = isObjectType(named) ? [named] : schema.getPossibleTypes(named);
  const parts = members.map((member) => {
    const fields = Object.values(member.getFields()).filter(
      (field) =>
        field.name !== 'position' &&
        field.name !== 'duration' &&
        (levels > 0 || !isCompositeType(getNamedType(field.type))),
    );
    return `... on ${member.name} { __typename ${fields.map((field) => `${member.name}_${field.name}: ${field.name} ${tellAll(field.type, levels - 1)}`).join(' ')} }`;
  });
  return `{ ${parts.join(' ')} }`;
}

const roots = [
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({
    field,
    operation: type?.name.toLowerCase() ?? '',
  })),
);

function documentOf(name: string): string {
  const { field, operation } = roots.find((root) => root.field.name === name) ?? {};
  if (!field) throw new Error(`There is no field ${name}.`);
  const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const given = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const [taking, giving] = declared ? [`(${declared})`, `(${given})`] : ['', ''];
  return `${operation} ${taking} { ${name}${giving} ${tellAll(field.type, 2)} }`;
}

/** The first result, as text. */
async function tried(
  as: 'alice' | 'olivia' | 'bob' | 'admin',
  name: string,
  variables: object,
): Promise<string> {
  await using stream = follow(tandem, documentOf(name), { as, variables: { ...variables } });
  const data = await stream
    .next()
    .catch(async (error: unknown) => (error instanceof Error ? error.message : error));
  return JSON.stringify(data);
}

/** Where arguments hold texts: `answerCall.input.callId`. */
function textsOf(path: string, type: GraphQLInputType): string[] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    return Object.values(named.getFields()).flatMap((field) =>
      textsOf(`${path}.${field.name}`, field.type),
    );
  }
  return ['ID', 'String'].includes(named.name) ? [path] : [];
}

const textsOfField = ({ name, args }: GraphQLField<unknown, unknown>) =>
  args.flatMap((arg) => textsOf(`${name}.${arg.name}`, arg.type));

const pathsIn = (path: string, value: unknown): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsIn(`${path}.${key}`, inner))
    : [path];

const isName = (path: string) => !NO_NAMES.has(path.split('.').at(-1) ?? '');

test('every argument that can name something is tried', () => {
  const tries = Object.entries(ATTACKS).flatMap(([name, attacks]) =>
    attacks(NOTHING, '8856').flatMap((args) => pathsIn(name, args)),
  );

  const below = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).filter(
        (field) => !type.name.startsWith('__') && !roots.some((root) => root.field === field),
      ),
    );
  const untried = [...roots.map(({ field }) => field), ...below]
    .flatMap(textsOfField)
    .filter(isName)
    .filter((path) => !tries.includes(path));
  expect(untried, 'add a row to tenancy-attacks.ts').toEqual([]);
});

const ATTACKERS = [
  ['alice', '8856', () => globex],
  ['olivia', '15001', () => globex],
  ['bob', '0004*210', () => acme],
] as const;

test.each(
  ATTACKERS.flatMap((attacker) => Object.keys(ATTACKS).map((name) => [...attacker, name] as const)),
)('%s with %s gets nothing of another organization (%s) by %s', async (as, own, namesOf, name) => {
  const names = namesOf();
  const before = await dump(tandem, names);

  const answers = await Promise.all(
    (ATTACKS[name]?.(names, own) ?? []).map((args) => tried(as, name, args)),
  );

  const nothing = await Promise.all(
    (ATTACKS[name]?.(NOTHING, own) ?? []).map((args) => tried(as, name, args)),
  );
  expect(answers).toEqual(nothing);
  expect(answers.join()).not.toMatch(/INTERNAL\\"|TOO_COMPLEX|a-secret-of-/);
  expect(await dump(tandem, names)).toEqual(before);
});

test.each(['alice', 'olivia', 'bob'] as const)('%s learns nothing of the switches', async (as) => {
  const told = await tried(as, 'connectors', {});

  expect(told).toContain('FORBIDDEN');
  expect(told).not.toMatch(/simulator|demo/);
});

test('an administrator sees the switches', async () => {
  const told = await tried('admin', 'connectors', {});

  expect(told).toMatch(/"Connector_id":"demo","Connector_kind":"simulator","Connector_link":"UP"/);
  expect(told).toMatch(/"Connector_owner":"HERE".*"Connector_liveCalls":[1-9]/);
});

test.each(['node', 'call', 'calls', 'extension', 'phoneCallEvents', 'callChanges'])(
  '%s tells its own organization what the others do not hear',
  async (name) => {
    const attempts = ATTACKS[name]?.(globex, '0004*210') ?? [];

    const answers = await Promise.all(attempts.map((args) => tried('bob', name, args)));

    expect(answers.join()).toContain('a-secret-of-globex');
  },
);

test.each(ATTACKERS)(
  '%s with %s gets nothing of another organization by legacy paths',
  async (as, own, namesOf) => {
    const names = namesOf();
    const before = await dump(tandem, names);
    const send = async ([method, path, body]: ReturnType<typeof LEGACY_ATTACKS>[number]) => {
      const headers =
        method === 'POST' ? { authorization: `Basic ${btoa(`${as}:demo`)}` } : bearer(as);
      const response = await fetch(`${tandem.url}${path}`, {
        method,
        headers,
        ...(body && { body }),
      });
      return [response.status, await response.text()];
    };

    const answers = await Promise.all(LEGACY_ATTACKS(names, own).map(send));

    expect(answers).toEqual(await Promise.all(LEGACY_ATTACKS(NOTHING, own).map(send)));
    expect(await dump(tandem, names)).toEqual(before);
  },
);
