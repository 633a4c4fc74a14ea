import type { SecurityPolicy, ServerMessage, ServerSession } from 'cometd-nodejs-server';
import { type ErrorCode, GatewayError } from '../../../model/errors.ts';
import { inOwnWords } from '../refusals.ts';
import { Desk } from './desk.ts';
import type { Caller, CometdHost } from './host.ts';

/** Sessions of one user at once: those of desktops that were closed without a word go within a minute. */
const MOST_OF_USER = 50;
const MOST_SESSIONS = 10_000;
const MOST_SUBSCRIPTIONS = 100;
const TOO_MANY = `A session has ${MOST_SUBSCRIPTIONS} subscriptions at most.`;
/** What may be otherwise a little later. */
const PASSING: readonly ErrorCode[] = ['RATE_LIMITED', 'UNAVAILABLE'];
const COME_BACK = { reconnect: 'handshake', interval: 10_000 };

/** Who sent a message, and how this server was called then. */
export interface Sender {
  readonly caller: Caller;
  readonly base: string;
}

interface Reception {
  readonly host: CometdHost;
  readonly desks: Map<string, Desk>;
  /** Users of the sessions whose desks are being opened. */
  readonly arriving: Map<ServerSession, string>;
  /** Sessions with a poll that waits. */
  readonly suspended: Set<ServerSession>;
  readonly senders: WeakMap<ServerMessage, Sender>;
}

/** Who may do what: everybody subscribes, nobody publishes. */
export function policyOf(reception: Reception): SecurityPolicy {
  return {
    canHandshake: (session, message, callback) => {
      receive(reception, session, message)
        .then(
          () => callback(undefined, true),
          (error: unknown) => {
            excuse(message, reception.host.refusalIn(error));
            callback(undefined, false);
          },
        )
        // What the library itself throws must not end the process.
        .catch((error: unknown) => reception.host.refusalIn(error));
    },
    canCreate: (_session, message, _name, callback) =>
      callback(undefined, message.channel === '/meta/subscribe'),
    canSubscribe: (session, { reply }, { name }, callback) => {
      const held = session.subscriptions;
      const hasRoom = held.length < MOST_SUBSCRIPTIONS || held.some((one) => one.name === name);
      if (!hasRoom && reply) reply.ext = { ...reply.ext, refusal: TOO_MANY };
      callback(undefined, hasRoom);
    },
    canPublish: (_session, _message, _channel, callback) => callback(undefined, false),
  };
}

/** Gives a session its desk, which is in the feed before the client hears of it. */
async function receive(reception: Reception, session: ServerSession, message: ServerMessage) {
  const { host, desks, arriving, suspended, senders } = reception;
  const sender = senders.get(message);
  if (!sender) throw new GatewayError('UNAUTHENTICATED');
  const { caller, base } = sender;
  checkRoom(reception, caller);
  const viewpoint = { userId: caller.userId, base };
  // Its place is taken before anything is awaited: many may ask at once.
  arriving.set(session, caller.userId);
  try {
    const desk = await Desk.open({ session, caller, viewpoint, host, replay: replayOf(message) });
    session.addListener('suspended', () => suspended.add(session));
    session.addListener('resumed', () => suspended.delete(session));
    desks.set(session.id, desk);
  } finally {
    arriving.delete(session);
  }
}

function checkRoom({ desks, arriving }: Reception, { userId }: Caller): void {
  let own = 0;
  for (const desk of desks.values()) if (desk.userId === userId) own += 1;
  for (const id of arriving.values()) if (id === userId) own += 1;
  if (desks.size + arriving.size >= MOST_SESSIONS || own >= MOST_OF_USER) {
    throw new GatewayError('RATE_LIMITED', 'There are too many sessions.');
  }
}

/** The position after which a client wants everything. */
function replayOf({ ext }: ServerMessage): string | null {
  const replay: unknown = ext?.replay;
  if (replay === undefined || replay === null) return null;
  if (typeof replay === 'string' && replay !== '') return replay;
  throw new GatewayError('BAD_INPUT', '`ext.replay` must be a position.');
}

/** Says why in the reply, which else is the library's. */
function excuse({ reply }: ServerMessage, refusal: GatewayError | null) {
  if (!reply) return;
  if (refusal === null || PASSING.includes(refusal.code)) reply.advice = COME_BACK;
  if (refusal) reply.ext = { ...reply.ext, refusal: inOwnWords(refusal.message) };
}
