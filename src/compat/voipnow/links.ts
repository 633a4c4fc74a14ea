import type { LegacyRequest } from '../legacy-request.ts';

/** A link below the dialect's base, as the client named it. */
export function linkBelow(request: LegacyRequest, segments: readonly string[]): string {
  const { origin, pathname } = new URL(request.url);
  const base = pathname.startsWith('/unifiedapi/') ? 'unifiedapi' : 'uapi';
  return [origin, base, ...segments.map(segmentOf)].join('/');
}

/** Stars and at signs stand in paths as they are, as in every sample. */
const segmentOf = (part: string) => encodeURIComponent(part).replaceAll('%40', '@');

/** The same request with other parameters. A token in the query is the client's own to add. */
export function linkTo(request: LegacyRequest, parameters: Readonly<Record<string, number>>) {
  const url = new URL(request.url);
  url.searchParams.delete('accessRequestToken');
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return url.href;
}
