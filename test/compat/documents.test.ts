import { Kind, validate } from 'graphql';
import { expect, test } from 'vitest';
import { dialects } from '../../src/compat/dialects.ts';
import { schema } from '../../src/graphql/schema.ts';

const rows = dialects.flatMap(({ name, routes }) =>
  routes.map(({ document, path, operation }) => ({
    document,
    dialect: name,
    what: operation ?? path,
  })),
);

test.each(rows)('$dialect: the document of $what is valid', ({ document }) => {
  expect(validate(schema, document)).toEqual([]);
});

test.each(rows)(
  '$dialect: the document of $what is one named operation',
  ({ document, dialect }) => {
    const names = document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.name?.value : undefined,
    );

    expect(names).toHaveLength(1);
    expect(names[0]?.toLowerCase()).toMatch(new RegExp(`^${dialect}`));
  },
);
