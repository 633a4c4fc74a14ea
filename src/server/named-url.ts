import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import proxyaddr from 'proxy-addr';
import { BadRequest } from './bad-request.ts';

/** Whether the address is that of a proxy of ours. @param hop how many are between it and us */
export type Trust = (address: string, hop: number) => boolean;

/** Most requests name one of a few; to parse one takes as long as to find out who asks. Nobody changes them. */
const parsed = new LRUCache<string, URL>({ max: 50 });
/** Characters of one that is remembered. */
const LONGEST = 300;

const DOT_SEGMENT = /[/\\](?:\.|%2e){1,2}(?:[/\\#]|$)|\\/i;

/**
 * The URL of a request as its client has named it, also through trusted proxies, which say so in `X-Forwarded-Proto`
 * and `X-Forwarded-Host`. Some old clients send the absolute URL as the target; a target or a host that is none is
 * refused.
 */
export function namedUrl(message: IncomingMessage, trust: Trust): URL {
  const { url = '/', headersDistinct } = message;
  const [given, another] = headersDistinct['host'] ?? [];
  const { scheme = 'http', host: forwarded } = forwardedOf(message, trust);
  // None, or an empty one, is allowed; left in its place, the path would be taken for it.
  const host = forwarded ?? (given || `localhost:${message.socket.localPort}`);
  const path = url.startsWith('/') ? url : `/${url}`;
  const absolute = /^https?:\/\//i.test(url) ? url : `${scheme}://${host}${path}`;
  // A URL parser takes `/x/.` for `/x`: what named one thing would name all of them.
  if (DOT_SEGMENT.test(url.split('?')[0] ?? '')) {
    throw new BadRequest(400, 'A path has no segments of dots, and no backslashes.');
  }
  const isThere = given !== undefined || message.httpVersion !== '1.1';
  const isHost = isThere && another === undefined && /^[^\s/?#@\\]*$/.test(host);
  const named = isHost ? parse(absolute) : null;
  if (named) return named;
  throw new BadRequest(400, 'The Host header or the request target is malformed.');
}

function parse(text: string): URL | null {
  const known = parsed.get(text);
  if (known) return known;
  const url = URL.parse(text);
  if (url && text.length <= LONGEST) parsed.set(text, url);
  return url;
}

/** What the proxies say of the request; nothing without a trusted one, for anybody can write these headers. */
function forwardedOf(message: IncomingMessage, trust: Trust) {
  if (!trust(message.socket.remoteAddress ?? '', 0)) return {};
  const hops = proxyaddr.all(message, trust).filter(trust).length;
  // Where proxies add to the headers, what is left of the first of ours is the client's own.
  const said = (name: string) => {
    const lines = message.headersDistinct[name] ?? [];
    const values = lines.flatMap((line) => line.split(',')).map((value) => value.trim());
    return values.at(-Math.min(hops, values.length)) || undefined;
  };
  const scheme = said('x-forwarded-proto')?.toLowerCase();
  const host = said('x-forwarded-host');
  return { ...(scheme && /^https?$/.test(scheme) && { scheme }), ...(host && { host }) };
}
