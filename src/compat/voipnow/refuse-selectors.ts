import { GatewayError } from '../../model/errors.ts';

/** What may stand in the query of anything, for it chooses nothing; `sortOder` is 4PSA's own client's. */
const CHOOSES_NOTHING = [
  ...['count', 'startIndex', 'fields', 'sortOrder', 'sortOder'],
  ...['accessRequestToken', '_'],
];

/**
 * Refuses every parameter that may be meant to choose some of many: one that is not looked at, such as a filter or a
 * name in another spelling, would end, delete or change more than was meant.
 */
export function refuseSelectors(query: URLSearchParams, known: readonly string[] = []): void {
  const taken = [...CHOOSES_NOTHING, ...known];
  const strange = query.keys().find((name) => !taken.includes(name));
  if (strange === undefined) return;
  throw new GatewayError('BAD_INPUT', `Nothing is chosen here by ${strange}.`);
}
