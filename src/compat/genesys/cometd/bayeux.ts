import { CONNECT, HANDSHAKE } from './channels.ts';
import { type Incoming, incomingOf, isObject } from './incoming.ts';
import { faultOf, type RefusedMessage, refusedFor } from './malformed.ts';

/** How many messages a request may bring. */
export const MOST_MESSAGES = 100;

/** What a request has brought. */
export interface Given {
  /** Those that are to be looked at. */
  readonly messages: readonly Incoming[];
  /** The answers to the others. */
  readonly refused: readonly RefusedMessage[];
}

/** The texts of messages in the body of a POST: the `message`s of a form, or the body, whatever its content type says. */
export async function textsOf(request: Request): Promise<string[]> {
  if (request.method !== 'POST') return [];
  const body = await request.text();
  const isForm = /x-www-form-urlencoded/i.test(request.headers.get('content-type') ?? '');
  const messages = isForm ? new URLSearchParams(body).getAll('message') : [];
  return messages.length > 0 ? messages : [body];
}

/**
 * Reads the messages of a request: arrays, or single ones. Null when they are none.
 * @param types how can be polled here
 */
export function messagesOf(texts: readonly string[], types: readonly string[]): Given | null {
  const given = texts.flatMap(parsed);
  if (given.length === 0 || given.length > MOST_MESSAGES) return null;
  const objects = given.filter(isObject);
  if (objects.length === 0) return null;
  // Whatever comes with a handshake is ignored (Bayeux, handshake).
  const handshake = objects.find(({ channel }) => channel === HANDSHAKE);
  // What is no object is a message without a channel.
  const judged = (handshake ? [handshake] : given.map((one) => (isObject(one) ? one : {}))).map(
    (message) => ({ message, error: faultOf(message, types) }),
  );
  const refused = judged.flatMap(({ message, error }) =>
    error === null ? [] : refusedFor(message, error, types),
  );
  const messages = judged.flatMap(({ message, error }) =>
    error === null ? incomingOf(message) : [],
  );
  return { refused, messages: refused.length > 0 ? messages.map(withoutWait) : messages };
}

/** A poll waits alone: else the answers to others would wait with it. */
const withoutWait = (message: Incoming): Incoming =>
  message.channel === CONNECT ? { ...message, advice: { ...message.advice, timeout: 0 } } : message;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
