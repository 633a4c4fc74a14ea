import { GatewayError } from '../model/errors.ts';
import { areExact, notHeld, parseMarking } from '../model/exact-json.ts';
import type { JsonObject } from '../model/json.ts';

/** A legacy request, read once and in the same way for every dialect. */
export interface LegacyRequest {
  readonly method: string;
  /** In full, as the client named this server. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Empty when there is none. */
  readonly body: string;
  /** The parameters in the body; none when it is no form. */
  readonly form: URLSearchParams;
}

/** Reads a request; nothing of it is judged yet. */
export async function toLegacy(request: Request): Promise<LegacyRequest> {
  const { method, headers, url } = request;
  const body = await request.text();
  const isForm = /x-www-form-urlencoded/i.test(headers.get('content-type') ?? '');
  const form = new URLSearchParams(isForm ? body : '');
  return { method, url, query: new URL(url).searchParams, headers, body, form };
}

/**
 * The body as a JSON object, whatever its content type says: old clients often leave it out, or curl's stands there.
 * Throws BAD_INPUT when it is none, and for numbers that would not be kept as they are.
 */
export function jsonObjectOf(request: LegacyRequest): JsonObject {
  const value = roughObjectOf(request);
  if (!areExact(value)) throw notHeld();
  return value;
}

/** The same with infinity for such numbers, for what they are nothing to. Throws BAD_INPUT when it is none. */
export function roughObjectOf({ body, headers }: LegacyRequest): JsonObject {
  if (body.trim() === '') throw malformed('must be a JSON object; it is empty');
  const value = parsed(body, headers.get('content-encoding'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject; // JSON.parse gives nothing else
  }
  throw malformed('must be a JSON object');
}

const malformed = (what: string) => new GatewayError('BAD_INPUT', `The body ${what}.`);

/** Some clients name what is no encoding at all, such as utf-8: these are read as they are. */
const COMPRESSED = /gzip|deflate|compress|\bbr\b|zstd/i;

function parsed(text: string, encoding: string | null): unknown {
  try {
    return parseMarking(text);
  } catch (error) {
    if (COMPRESSED.test(encoding ?? ''))
      throw malformed('must come without a Content-Encoding: none is supported');
    // Of what the parser says, the place alone: the rest quotes the body, in words of its own.
    const [place = ''] = / \(line \d+ column \d+\)/.exec(String(error)) ?? [];
    throw malformed(`must be a JSON object, and is not valid JSON${place}`);
  }
}
