/** What GraphQL is answered in, what is preferred last: as Yoga has them. */
const TYPES = ['application/graphql-response+json', 'application/json'] as const;

export type MediaType = (typeof TYPES)[number];

/** What an `Accept` header gets as Yoga reads it, the first that fits; null for what is left to Yoga. */
export function mediaTypeOf(accept: string | undefined): MediaType | null {
  if (!accept) return 'application/json';
  // Charsets are rare, and Yoga has an opinion of each.
  if (accept.includes('charset')) return null;
  for (const entry of accept.toLowerCase().replace(/\s/g, '').split(',')) {
    const asked = entry.split(';')[0] ?? '';
    const found = TYPES.findLast((type) => isWithin(asked, type));
    if (found) return found;
  }
  return null;
}

function isWithin(asked: string, type: MediaType): boolean {
  const [range, subtype] = asked.split('/');
  const [, own] = type.split('/');
  return (range === '*' || range === 'application') && (subtype === '*' || subtype === own);
}
