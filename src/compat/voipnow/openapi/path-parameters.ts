import type { Route } from '../../dialect.ts';

const TEXTS: Readonly<Record<string, string>> = {
  userId: '`@me`, `@viewer`, `@owner` or a user’s id.',
  extension:
    'An extension’s number in full or short form; where many are meant, `@self` is all of the user’s.',
  callId: 'A phone call’s id.',
  type: 'An event’s type, 0 to 4.',
  typeOrId: 'An event’s type, 0 to 4; or, alone, its id.',
  id: 'An event’s id.',
};
const SCHEMAS: Readonly<Record<string, object>> = {
  type: { type: 'string', enum: ['0', '1', '2', '3', '4'] },
};

/**
 * The parameters of a path. What stands in a place is what its row says: an update takes an event's id where others have
 * its type, and both are the same path to OpenAPI.
 */
export function pathParameters(path: string, route: Route): object[] {
  const own = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ''], place) => {
    const meant = own[place] ?? name;
    return {
      ...{ name, in: 'path', required: true, description: TEXTS[meant] },
      schema: SCHEMAS[meant] ?? { type: 'string' },
    };
  });
}
