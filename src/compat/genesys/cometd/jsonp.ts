import type { CometdHost } from './host.ts';

/** Whether script elements may ask: not where the pages of others could have them ask with a user's cookies. */
export const isScriptable = ({ csrf, origins }: Pick<CometdHost, 'csrf' | 'origins'>) =>
  !csrf && origins.length === 0;

/** How can be polled. */
export const connectionTypes = (host: Pick<CometdHost, 'csrf' | 'origins'>) =>
  isScriptable(host) ? ['long-polling', 'callback-polling'] : ['long-polling'];

/** Whether anything is asked by this method: other ones have nothing here, as everywhere in GWS. */
export const isPolled = (
  { method }: Request,
  host: Pick<CometdHost, 'csrf' | 'origins'>,
): boolean => method === 'POST' || (method === 'GET' && isScriptable(host));

/** A request by a script element: its messages, and the function that wants the answer. */
export interface Callback {
  readonly name: string;
  readonly messages: readonly string[];
}

const NAME = /^[\w$.[\]]{1,128}$/;

/** Callback-polling: `GET ?message=...&jsonp=NAME`. Null for every other request. */
export function callbackOf({ method, url }: Request): Callback | null {
  if (method !== 'GET') return null;
  const { searchParams } = new URL(url);
  const name = searchParams.get('jsonp') ?? 'jsonpcallback';
  const messages = searchParams.getAll('message');
  return NAME.test(name) && messages.length > 0 ? { name, messages } : null;
}

/** The answer as a script that calls the function; a text is a refusal, and browsers run no script of such a status. */
export async function wrapped(name: string, response: Response): Promise<Response> {
  if (response.headers.get('Content-Type')?.startsWith('text/plain')) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.set('Content-Type', 'text/javascript;charset=UTF-8');
  headers.set('X-Content-Type-Options', 'nosniff');
  // Scripts end their lines where JSON does not; the comment is CometD's own way against misuse as a file.
  const safe = text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return new Response(`/**/${name}(${safe})`, { status: response.status, headers });
}
