/** What a page may read of an answer. */
export const EXPOSED = ['X-Request-Id', 'Retry-After'];

/** The headers of an answer to a page of this origin, as Yoga sets them. */
export function corsHeaders(
  origin: string | undefined,
  allowed: readonly string[],
): Readonly<Record<string, string>> {
  if (origin === undefined) return {};
  const exposed = { 'Access-Control-Expose-Headers': EXPOSED.join(', ') };
  const own = { 'Access-Control-Allow-Origin': origin, Vary: 'Origin', ...exposed };
  if (allowed.length === 0 || allowed.includes('*')) return own;
  const [first = 'null', another] = allowed;
  if (another === undefined) return { 'Access-Control-Allow-Origin': first, ...exposed };
  if (allowed.includes(origin)) return own;
  return { 'Access-Control-Allow-Origin': 'null', ...exposed };
}
