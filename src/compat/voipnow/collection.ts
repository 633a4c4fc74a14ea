import type { LegacyRequest } from '../legacy-request.ts';
import type { Resource } from './filter.ts';
import { linkTo } from './links.ts';
import { MOST, type StandardParameters } from './standard-parameters.ts';

/** One page of a list, and how long the list is. */
interface Page {
  readonly entries: readonly Resource[];
  readonly total: number;
}

/** The envelope of lists, OpenSocial's; `links` has `prev` and `next` where there is more on that side. */
export function collection(
  request: LegacyRequest,
  { count, startIndex, fields }: StandardParameters,
  { entries, total }: Page,
): Response {
  // Before a page beyond the end comes the last one, however far it is.
  const last = Math.max(0, Math.ceil(total / count) - 1) * count;
  const at = (index: number, size = count) => linkTo(request, { startIndex: index, count: size });
  const links = {
    self: at(startIndex),
    ...(startIndex > 0 &&
      total > 0 && {
        // The entries before this page alone, be they fewer than a page has.
        prev: at(Math.max(0, Math.min(startIndex - count, last)), Math.min(count, startIndex)),
      }),
    // A link beyond what may be asked for would lead to a refusal.
    ...(startIndex + count < Math.min(total, MOST + 1) && { next: at(startIndex + count) }),
  };
  const entry = entries.map((resource) => only(fields, resource));
  return Response.json({ totalResults: total, itemsPerPage: count, startIndex, entry, links });
}

/** A resource with those fields that were asked for, in its own order; null asks for all. */
export const only = (fields: readonly string[] | null, resource: Resource): Resource =>
  fields === null
    ? resource
    : Object.fromEntries(Object.entries(resource).filter(([name]) => fields.includes(name)));

/** NULL is not told (PhoneCalls Resource). */
export const withoutNulls = (resource: Resource): Resource =>
  Object.fromEntries(
    Object.entries(resource).filter(([, value]) => value !== null && value !== undefined),
  );

/** A moment as the pages print it, such as `2015-01-23T04:56:22Z`. */
export const dateOf = (moment: string | null): string | null =>
  moment === null ? null : new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
