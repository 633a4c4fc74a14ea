import cometd, { type Options, type ServerMessage, type ServerSession } from 'cometd-nodejs-server';
import ack from 'cometd-nodejs-server/ack-extension.js';
import type { LegacyOrigin } from '../../serve.ts';
import { baseOf } from '../answer.ts';
import { credentialsOf } from '../credentials.ts';
import { refuseChosen, refuseForged } from '../forgery.ts';
import { siteOf } from '../origins.ts';
import { type Incoming, messagesOf, textsOf } from './bayeux.ts';
import type { Desk } from './desk.ts';
import type { Caller, CometdHost } from './host.ts';
import { callbackOf, isScriptable, wrapped } from './jsonp.ts';
import { policyOf, type Sender } from './policy.ts';
import { refusedTo } from './refused.ts';
import { answerPoll, browserIn, browserOf } from './transport.ts';

/** Where GWS has its notifications; clients append what kind of message it is. */
const PATH = /^\/api\/v2\/notifications(?:\/[^?]*)?$/;

/** Notifications by CometD. */
export interface Notifications extends Disposable {
  /** Answers a request; undefined when its path is another one. */
  answer(request: Request, origin: LegacyOrigin): Promise<Response | undefined>;
  /** How many sessions there are. */
  sessions(): number;
  /** How to end each poll that waits: its client asks again, here or elsewhere. */
  present(): (() => void)[];
}

/** What the library has and its types do not: a session's poll that waits is answered. */
type Flushable = ServerSession & { _flush(): void };

/** Opens the one place at which desktops wait for notifications. @param options of the library, such as `timeout` */
export function openNotifications(host: CometdHost, options: Options = {}): Notifications {
  const server = cometd.createCometDServer({
    ...{ timeout: 25_000, maxInterval: 30_000, browserCookiePath: '/api/v2' },
    ...options,
  });
  const desks = new Map<string, Desk>();
  const suspended = new Set<ServerSession>();
  const senders = new WeakMap<ServerMessage, Sender>();
  server.addExtension(new ack.AcknowledgedMessagesExtension());
  server.policy = policyOf({ host, desks, arriving: new Map(), suspended, senders });
  server.addListener('sessionRemoved', (session: ServerSession) => {
    desks.delete(session.id);
    suspended.delete(session);
  });
  const flush = (session: ServerSession) => (session as Flushable)._flush(); // see Flushable

  async function poll(messages: Incoming[], request: Request, origin: LegacyOrigin) {
    const caller = await host.open(credentialsOf(request), origin);
    const asker = { userId: async () => caller.userId, ownerOf: host.ownerOf };
    const forged = host.csrf ? await refuseChosen(request, asker) : null;
    if (forged) return forged;
    const sender = { caller, base: baseOf(request.url) };
    const mine = messages.map((message) => ownOf(message, desks, caller));
    for (const message of mine) senders.set(message, sender);
    const session = server.getServerSession(mine[0]?.clientId ?? '');
    const desk = desks.get(session?.id ?? '');
    if (mine[0]?.channel === '/meta/connect') desk?.away(false);
    const gone = () => {
      desk?.away(true);
      if (session) flush(session);
    };
    origin.signal.addEventListener('abort', gone, { once: true });
    const response = await answerPoll(server, {
      ...{ messages: mine, signal: origin.signal },
      browser: session ? browserOf(session) : browserIn(request.headers),
      site: siteOf(request.url, host.origins),
    });
    origin.signal.removeEventListener('abort', gone);
    if (mine.some(({ channel }) => channel === '/meta/subscribe')) desk?.subscribed();
    return response;
  }

  return {
    async answer(request, origin) {
      if (!PATH.test(new URL(request.url).pathname)) return undefined;
      if (host.stopping.aborted) return new Response(null, { status: 503 });
      // Not GET either: there another page's script element would be told of the calls.
      const forged = host.csrf ? refuseForged(request) : null;
      if (forged) return forged;
      const callback = isScriptable(host) ? callbackOf(request) : null;
      const messages = messagesOf(callback?.messages ?? (await textsOf(request)));
      if (!messages) return new Response(null, { status: 400 });
      const response = await poll(messages, request, origin).catch((error: unknown) =>
        refusedTo(messages, host.refusalIn(error)),
      );
      return callback ? wrapped(callback.name, response) : response;
    },
    sessions: () => desks.size,
    present: () => [...suspended].map((session) => () => flush(session)),
    [Symbol.dispose]() {
      server.close();
      for (const desk of desks.values()) desk.close();
    },
  };
}

/** Who names somebody else's session has none. */
function ownOf(message: Incoming, desks: ReadonlyMap<string, Desk>, { userId }: Caller): Incoming {
  const desk = desks.get(message.clientId ?? '');
  if (!desk || desk.userId === userId) return message;
  const { clientId, ...rest } = message;
  return rest;
}
