import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { basic } from './cometd/desktop.ts';

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem?.[Symbol.asyncDispose]());

const get = async (path: string) => {
  const headers = { authorization: basic('alice') };
  return (await fetch(`${tandem.url}/api/v2${path}`, { headers })).json();
};

/**
 * Attributes of a value that a schema does not describe, or that it promises in vain, by their places. Of a resource
 * that may be cut, the schema of what is whole comes first, and then that of a part.
 */
function strayed(
  value: unknown,
  schema: Schema,
  schemas: Record<string, Schema>,
  isPart = false,
): string[] {
  const whole = schema.anyOf?.[isPart ? 1 : 0];
  if (whole) return strayed(value, whole, schemas);
  const named = schema.$ref?.split('/').at(-1);
  if (named) return strayed(value, schemas[named] ?? {}, schemas);
  if (schema.oneOf) {
    const tries = schema.oneOf.map((one) => strayed(value, one, schemas, isPart));
    return tries.find((faults) => faults.length === 0) ?? tries.flat();
  }
  if (Array.isArray(value))
    return value.flatMap((one) => strayed(one, schema.items ?? {}, schemas, isPart));
  const { properties, required = [] } = schema;
  if (!properties || typeof value !== 'object' || value === null) return [];
  const missing = required.filter((name) => !(name in value)).map((name) => `no ${name}`);
  const faults = Object.entries(value).flatMap(([name, part]) => {
    const known = properties[name];
    const within = known ? strayed(part, known, schemas, isPart) : null;
    return within ? within.map((fault) => `${name}.${fault}`) : [name];
  });
  return [...missing, ...faults];
}

test('what the OpenAPI document describes is what is answered', async () => {
  const { paths, components } = await get('/openapi.json');
  const { calls } = await get('/me/calls?fields=*');
  const { devices } = await get('/me/devices?fields=*');
  const { user } = await get('/me');
  const ids: Record<string, string> = {
    calls: calls[0].id,
    devices: devices[0].id,
    users: user.id,
  };
  const readable = Object.keys(paths).filter((path) => paths[path].get);

  const faults = await Promise.all(
    readable.map(async (path) => {
      const { schema } = paths[path].get.responses[200].content['application/json'];
      const place = path.replace(/(\w+)\/\{id\}/, (_, kind: string) => `${kind}/${ids[kind]}`);
      const answers = [await get(place), await get(`${place}?fields=*&subresources=*`)];
      const part = await get(`${place}?fields=id,state`);
      return answers
        .flatMap((answer) => strayed(answer, schema, components.schemas))
        .concat(strayed(part, schema, components.schemas, true))
        .map((fault) => `${path}: ${fault}`);
    }),
  );

  expect(readable.length).toBeGreaterThan(15);
  expect(faults.flat()).toEqual([]);
});
