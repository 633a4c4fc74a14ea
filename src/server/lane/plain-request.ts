import type { IncomingMessage } from 'node:http';
import { type MediaType, mediaTypeOf } from './media-type.ts';

/** What the lane has to know of a request that is like almost all others. */
export interface PlainRequest {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  readonly mediaType: MediaType;
}

const JSON_BODY = /^application\/json(?:; ?charset=utf-8)?$/i;

/** Headers that say something which only Yoga understands. */
const UNUSUAL = ['access-control-request-method', 'access-control-request-headers'];

/** Reads the headers of a POST of JSON to `/graphql`; null when there is anything unusual about it. */
export function plainRequest(
  { method, headersDistinct: given }: IncomingMessage,
  { pathname, search }: URL,
): PlainRequest | null {
  if (method !== 'POST' || pathname !== '/graphql' || search !== '') return null;
  const all = ['content-type', 'accept', 'authorization', 'origin', 'content-encoding'];
  if (all.some((name) => (given[name]?.length ?? 0) > 1)) return null;
  const [contentType, accept, authorization, origin, encoding] = all.map(
    (name) => given[name]?.[0],
  );
  if (encoding || UNUSUAL.some((name) => given[name])) return null;
  const mediaType = mediaTypeOf(accept);
  if (!mediaType || !JSON_BODY.test(contentType ?? '')) return null;
  return { authorization, origin, mediaType };
}
