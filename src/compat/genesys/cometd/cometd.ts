import { addAbortListener } from 'node:events';
import cometd, { type Options, type ServerMessage, type ServerSession } from 'cometd-nodejs-server';
import ack from 'cometd-nodejs-server/ack-extension.js';
import { GatewayError } from '../../../model/errors.ts';
import type { LegacyOrigin } from '../../serve.ts';
import { baseOf } from '../answer.ts';
import { refuseForged } from '../forgery.ts';
import { siteOf } from '../origins.ts';
import { refuseForeign } from '../script-pages.ts';
import { admit } from './admit.ts';
import { type Given, MOST_MESSAGES, messagesOf, textsOf } from './bayeux.ts';
import { CONNECT } from './channels.ts';
import type { Desk } from './desk.ts';
import { flush } from './flush.ts';
import type { Caller, CometdHost } from './host.ts';
import type { Incoming } from './incoming.ts';
import { callbackOf, connectionTypes, isScriptable, wrapped } from './jsonp.ts';
import { openOvertaking } from './overtaking.ts';
import { policyOf, type Sender } from './policy.ts';
import { refusedTo, withRefused } from './refused.ts';
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

const NO_MESSAGES = `The body must be a Bayeux message, or an array of 1 to ${MOST_MESSAGES} of them.`;

const DEFAULTS = { timeout: 25_000, maxInterval: 30_000, browserCookiePath: '/api/v2' };

/** A request, and who has sent it. */
interface Asked {
  readonly request: Request;
  readonly origin: LegacyOrigin;
  readonly caller: Caller;
}

/** Opens the one place at which desktops wait for notifications. @param options of the library, such as `timeout` */
export function openNotifications(host: CometdHost, options: Options = {}): Notifications {
  const server = cometd.createCometDServer({ ...DEFAULTS, ...options });
  const desks = new Map<string, Desk>();
  const suspended = new Set<ServerSession>();
  const senders = new WeakMap<ServerMessage, Sender>();
  server.addExtension(new ack.AcknowledgedMessagesExtension());
  const { overtake } = openOvertaking(server);
  server.policy = policyOf({ host, desks, arriving: new Map(), suspended, senders });
  server.addListener('sessionRemoved', (session: ServerSession) => {
    desks.delete(session.id);
    suspended.delete(session);
  });

  async function poll(messages: readonly Incoming[], { request, origin, caller }: Asked) {
    const sender = { caller, base: baseOf(request.url) };
    const mine = messages.map((message) => ownOf(message, desks, caller));
    for (const message of mine) senders.set(message, sender);
    // As the library does, for which all of a request is of the session of its first message.
    const session = server.getServerSession(mine[0]?.clientId ?? '');
    const desk = desks.get(session?.id ?? '');
    if (mine.some(({ channel }) => channel === CONNECT)) {
      desk?.away(false);
      overtake(session);
    }
    const gone = () => {
      desk?.away(true);
      if (session) flush(session);
    };
    // Who had left before is in nobody's way, and takes nobody's news.
    using _ = origin.signal.aborted ? null : addAbortListener(origin.signal, gone);
    const response = await answerPoll(server, {
      ...{ messages: mine, signal: origin.signal },
      browser: session ? browserOf(session) : browserIn(request.headers),
      site: siteOf(request.url, host.origins),
    });
    if (mine.some(({ channel }) => channel === '/meta/subscribe')) desk?.subscribed();
    return response;
  }

  async function answerTo(given: Given | null, request: Request, origin: LegacyOrigin) {
    const caller = await admit(host, request, origin);
    if (caller instanceof Response) return caller;
    if (!given) throw new GatewayError('BAD_INPUT', NO_MESSAGES);
    const messages = stillMeant(given, origin);
    const polled = messages.length > 0 ? await poll(messages, { request, origin, caller }) : null;
    return withRefused(given.refused, polled);
  }

  return {
    async answer(request, origin) {
      if (!PATH.test(new URL(request.url).pathname)) return undefined;
      if (host.stopping.aborted) return refusedTo(null, stopping());
      // Not GET either: there another page's script element would be told of the calls.
      const forged = host.csrf ? refuseForged(request) : refuseForeign(request);
      if (forged) return forged;
      const callback = isScriptable(host) ? callbackOf(request) : null;
      const texts = callback?.messages ?? (await textsOf(request));
      const given = messagesOf(texts, connectionTypes(host));
      const response = await answerTo(given, request, origin).catch((error: unknown) =>
        refusedTo(given, host.refusalIn(error)),
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

const stopping = () =>
  new GatewayError('UNAVAILABLE', 'This server is about to stop.', { retryAfter: 1 });

/** Who has left before it was known who he is waits for nothing, and is in nobody's way who does; what he has said holds. */
const stillMeant = ({ messages }: Given, { signal }: LegacyOrigin): readonly Incoming[] =>
  signal.aborted ? messages.filter(({ channel }) => channel !== CONNECT) : messages;

/** Who names somebody else's session has none. */
function ownOf(message: Incoming, desks: ReadonlyMap<string, Desk>, { userId }: Caller): Incoming {
  const desk = desks.get(message.clientId ?? '');
  if (!desk || desk.userId === userId) return message;
  const { clientId, ...rest } = message;
  return rest;
}
