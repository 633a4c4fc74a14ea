import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CHOOSING_NOTHING } from './openapi/docs.ts';
import { type Fields, refuseMalformed } from './standard-parameters.ts';

/** What may stand in the query of anything, for it chooses nothing; `sortOder` is 4PSA's own client's. */
const CHOOSES_NOTHING = [...CHOOSING_NOTHING, 'sortOder', 'accessRequestToken', '_'];

/**
 * Refuses every parameter that may be meant to choose some of many: one that is not looked at, such as a filter or a
 * name in another spelling, would end, delete or change more than was meant. What chooses nothing is to be well-formed.
 */
export function refuseSelectors(
  query: URLSearchParams,
  fields: Fields,
  known: readonly string[] = [],
): void {
  const taken = [...CHOOSES_NOTHING, ...known];
  const strange = query.keys().find((name) => !taken.includes(name));
  if (strange !== undefined) {
    throw new GatewayError('BAD_INPUT', `Nothing is chosen here by ${strange}.`);
  }
  refuseMalformed(query, fields);
}

/**
 * Refuses a body where none is documented, for the same reason; nothing in it, or the id that the path has, too, is not
 * meant to choose.
 */
export function refuseBody({ body, form }: LegacyRequest, id?: string): void {
  if (body.trim() === '') return;
  const members = membersOf(body) ?? (form.size > 0 ? [...form] : null);
  const isNothing = ([name, value]: readonly [string, unknown]) =>
    name === 'accessRequestToken' || value === null || (name === 'id' && value === id);
  if (members?.every(isNothing)) return;
  throw new GatewayError('BAD_INPUT', 'Nothing is chosen here by a body.');
}

/** Of a JSON object or array; null of anything else. */
function membersOf(body: string): readonly (readonly [string, unknown])[] | null {
  try {
    const value: unknown = JSON.parse(body);
    if (value === null) return [];
    return typeof value === 'object' ? Object.entries(value) : null;
  } catch {
    return null;
  }
}
