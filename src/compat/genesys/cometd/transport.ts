import { addAbortListener, EventEmitter } from 'node:events';
import type { CometDServer, ServerSession } from 'cometd-nodejs-server';
import type { Incoming } from './incoming.ts';

/** One request of long-polling. */
export interface Poll {
  readonly messages: Incoming[];
  /** The library's cookie, by which it finds a session; empty makes a new one. */
  readonly browser: string;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** How the library's cookie ends: from which pages it is sent. */
  readonly site: string;
}

/** As much of Node's response as the library uses. */
class Reply extends EventEmitter {
  statusCode = 200;
  readonly headers = new Headers();
  readonly socket: { destroyed: boolean } = { destroyed: false };
  readonly sent = Promise.withResolvers<Response>();
  readonly #site: string;

  constructor(site: string) {
    super();
    this.#site = site;
  }

  setHeader(name: string, value: string): void {
    this.headers.set(name, name === 'Set-Cookie' ? `${value}; ${this.#site}` : value);
  }

  end(content = ''): void {
    const { statusCode: status, headers } = this;
    this.sent.resolve(new Response(content || null, { status, headers }));
    this.emit('finish');
  }
}

/**
 * The one cookie that the library reads, as it made it; else a new one is set. Its value names a property of a plain
 * object there: `constructor` would find what every object has.
 */
export const browserIn = (headers: Headers) =>
  /BAYEUX_BROWSER=[0-9a-f]{40}(?![^;\s])/.exec(headers.get('cookie') ?? '')?.[0] ?? '';

/** What the library has and its types do not: the cookie with which a session was opened. */
type Bound = ServerSession & { readonly _browserId?: string };

/** The cookie of a session, for a client that keeps none: who it is has been asked already. */
export const browserOf = ({ _browserId }: Bound) =>
  _browserId === undefined ? '' : `BAYEUX_BROWSER=${_browserId}`;

/** Has the library answer a request: it knows Node's, and everything here is a Request and a Response. */
export function answerPoll(server: CometDServer, { messages, browser, signal, site }: Poll) {
  const reply = new Reply(site);
  reply.socket.destroyed = signal.aborted;
  addAbortListener(signal, () => {
    reply.socket.destroyed = true;
    // Nobody waits for what is not sent any more.
    reply.sent.resolve(new Response(null));
  });
  const request = {
    method: 'POST',
    headers: { cookie: browser },
    body: messages,
    addListener: () => {},
  };
  server.handle(request, reply);
  return reply.sent.promise;
}
