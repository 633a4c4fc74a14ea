import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { basic } from './cometd/desktop.ts';

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
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

/** Attributes of a value that a schema does not describe, or that it promises in vain, by their places. */
function strayed(value: unknown, schema: Schema, schemas: Record<string, Schema>): string[] {
  const named = schema.$ref?.split('/').at(-1);
  if (named) return strayed(value, schemas[named] ?? {}, schemas);
  if (schema.oneOf) {
    const tries = schema.oneOf.map((one) => strayed(value, one, schemas));
    return tries.find((faults) => faults.length === 0) ?? tries.flat();
  }
  if (Array.isArray(value))
    return value.flatMap((one) => strayed(one, schema.items ?? {}, schemas));
  const { properties, required = [] } = schema;
  if (!properties || typeof value !== 'object' || value === null) return [];
  const missing = required.filter((name) => !(name in value)).map((name) => `no ${name}`);
  const faults = Object.entries(value).flatMap(([name, part]) => {
    const known = properties[name];
    return known ? strayed(part, known, schemas).map((fault) => `${name}.${fault}`) : [name];
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
      return answers
        .flatMap((answer) => strayed(answer, schema, components.schemas))
        .map((fault) => `${path}: ${fault}`);
    }),
  );

  expect(readable.length).toBeGreaterThan(15);
  expect(faults.flat()).toEqual([]);
});
