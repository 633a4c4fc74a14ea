import type { ServerMessage, ServerSession } from 'cometd-nodejs-server';
import { CONNECT } from './channels.ts';

const MOST_MESSAGES = 200;
/** User data can be large: so many messages may be anything. */
const MOST_CHARACTERS = 4_000_000;

/** What the library has and its types do not: a message in a queue has its text already. */
type Queued = ServerMessage & { readonly _json?: string };

/** What a session keeps for its client. */
export interface Waiting {
  /** Whether the rest is to wait in the feed. */
  isFull(): boolean;
}

/** Counts what a session keeps. @param onDrain called when it may have become less */
export function countWaiting(session: ServerSession, onDrain: () => void): Waiting {
  let [messages, characters] = [0, 0];
  const keep = (message: Queued) => {
    messages += 1;
    characters += message._json?.length ?? 0;
  };
  session.addListener('queueOffer', (_session: ServerSession, message: Queued) => keep(message));
  session.addListener(
    'queueDrain',
    (_session: ServerSession, sent: readonly Queued[], replies: readonly ServerMessage[]) => {
      const isKept = isAcknowledging(session);
      // With the ack extension, what is sent waits on until it is acknowledged; to a poll without an id all of it does.
      if (isKept && !replies.some(isIdentifiedPoll)) return;
      [messages, characters] = [0, 0];
      if (isKept) sent.forEach(keep);
      onDrain();
    },
  );
  return { isFull: () => messages >= MOST_MESSAGES || characters >= MOST_CHARACTERS };
}

const isIdentifiedPoll = ({ channel, id }: ServerMessage) => channel === CONNECT && id;

/** The ack extension keeps what it has sent; it is the other one that a session can have. */
const isAcknowledging = ({ extensions }: ServerSession) => extensions.length > 1;
