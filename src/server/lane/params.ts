import { isUtf8 } from 'node:buffer';
import type { GraphQLParams } from 'graphql-yoga';
import { parseMarking } from '../../model/exact-json.ts';

const KNOWN = new Set(['query', 'variables', 'operationName', 'extensions']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): value is null | undefined =>
  value === null || value === undefined;

/** The parameters of a body; null when there is anything wrong or unusual about them. */
export function paramsOf(body: Buffer): GraphQLParams | null {
  const params = isUtf8(body) ? parsed(body) : null;
  if (!isObject(params) || Object.keys(params).some((key) => !KNOWN.has(key))) return null;
  const { query, variables, operationName, extensions } = params;
  const fits =
    (isAbsent(query) || typeof query === 'string') &&
    (isAbsent(operationName) || typeof operationName === 'string') &&
    (isAbsent(variables) || isObject(variables)) &&
    (isAbsent(extensions) || isObject(extensions));
  return fits ? (params as GraphQLParams) : null; // each has been looked at
}

function parsed(body: Buffer): unknown {
  try {
    return parseMarking(body.toString());
  } catch {
    return null;
  }
}
