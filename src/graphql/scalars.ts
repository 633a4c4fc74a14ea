import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { isHeld, notHeld } from '../model/exact-json.ts';
import { DEEPEST_JSON, isShallow, type JsonObject } from '../model/json.ts';
import { builder } from './builder.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function parseMoment(value: unknown): string {
  if (typeof value === 'string' && ISO.test(value) && !Number.isNaN(Date.parse(value))) {
    return new Date(value).toISOString();
  }
  throw new GraphQLError('A DateTime is ISO 8601 with an offset, such as 2026-01-31T12:00:00Z.');
}

/** As Postgres writes what is in UTC; each call has several, and each change goes through here. */
const OF_POSTGRES = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00:00$/;

const hasMilliseconds = (text: string) =>
  text.length >= 29 && text.length <= 32 && text[19] === '.' && text.endsWith('+00:00');

function formatMoment(value: string | Date): string {
  // So almost all of them are, and a page has hundreds.
  if (typeof value === 'string' && hasMilliseconds(value)) return `${value.slice(0, 23)}Z`;
  const [, seconds, fraction = ''] = OF_POSTGRES.exec(String(value)) ?? [];
  if (seconds) return `${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  return new Date(value).toISOString();
}

builder.scalarType('DateTime', {
  description: 'A moment, ISO 8601 with milliseconds in UTC: `2026-01-31T12:00:00.000Z`.',
  serialize: formatMoment,
  parseValue: parseMoment,
});

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(value: unknown): JsonObject {
  if (isObject(value) && !isShallow(value)) {
    throw new GraphQLError(`JSON takes at most ${DEEPEST_JSON} levels.`);
  }
  if (isObject(value)) return value;
  throw new GraphQLError('JSON takes an object here.');
}

builder.scalarType('JSON', {
  description:
    'A JSON object, such as the user data of a call. Its numbers are those of JavaScript: one that it would write otherwise than it came, such as 2^53 + 1, is refused in user data, so send long ids as text.',
  serialize: (value) => value,
  parseValue: parseObject,
  parseLiteral: (node, variables) => parseObject(literal(node, variables ?? {})),
});

function held(text: string): number {
  if (isHeld(text)) return Number(text);
  throw new GraphQLError(notHeld().message);
}

/** The value of a literal in a document. */
function literal(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, literal(value, variables)]),
      );
    case Kind.LIST:
      return node.values.map((value) => literal(value, variables));
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.INT:
    case Kind.FLOAT:
      return held(node.value);
    case Kind.NULL:
      return null;
    default:
      return node.value;
  }
}

builder.scalarType('Position', {
  description: 'A place in the change feed; opaque. Keep the last one, and resume after it.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError('A Position is a text that the feed gave.');
  },
});
