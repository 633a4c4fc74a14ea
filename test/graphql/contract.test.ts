import { readFile } from 'node:fs/promises';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { artifacts } from '../../src/graphql/print.ts';
import { schema } from '../../src/graphql/schema.ts';

interface Element {
  readonly name: string;
  readonly description?: string | null | undefined;
}

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** Everything of the schema that can have a description, by its path. */
function elements(): Element[] {
  return types.flatMap((type): Element[] => {
    const below = (name: string, description: string | null | undefined) => ({
      name: `${type.name}.${name}`,
      description,
    });
    if (isEnumType(type)) {
      return [type, ...type.getValues().map((value) => below(value.name, value.description))];
    }
    if (isInputObjectType(type)) {
      return [
        type,
        ...Object.values(type.getFields()).map((field) => below(field.name, field.description)),
      ];
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [type];
    const fields = Object.values(type.getFields());
    const args = fields.flatMap((field) =>
      field.args.map((arg) => below(`${field.name}(${arg.name})`, arg.description)),
    );
    return [type, ...fields.map((field) => below(field.name, field.description)), ...args];
  });
}

test.each(Object.entries(artifacts))('%s says what the code does', async (path, printed) => {
  const url = new URL(path, new URL('../../src/graphql/print.ts', import.meta.url));

  const checkedIn = await readFile(url, 'utf8');

  expect(checkedIn, 'run `npm run schema`').toBe(printed);
});

test('every element of the schema has a description', () => {
  const silent = elements().filter(({ description }) => !description?.trim());

  expect(silent.map(({ name }) => name)).toEqual([]);
});
