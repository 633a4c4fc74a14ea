import type { ServerMessage } from 'cometd-nodejs-server';
import type { Json, JsonObject } from '../../../model/json.ts';
import { isSubscribable } from './channels.ts';

const MOST_MESSAGES = 100;
const LONGEST_TIMEOUT_MS = 30_000;
const LONGEST_INTERVAL_MS = 10_000;
const LONGEST_ID = 100;

/** A Bayeux message as a client sends it, with what the server library takes for granted made sure. */
export type Incoming = ServerMessage & { readonly channel: string };

/** The texts of messages in the body of a POST: the body, or the `message`s of a form. */
export async function textsOf(request: Request): Promise<string[]> {
  if (request.method !== 'POST') return [];
  const body = await request.text();
  const isForm = /x-www-form-urlencoded/i.test(request.headers.get('content-type') ?? '');
  return isForm ? new URLSearchParams(body).getAll('message') : [body];
}

/** Reads the messages of a request: arrays, or single ones. Null when they are none. */
export function messagesOf(texts: readonly string[]): Incoming[] | null {
  const given = texts.flatMap(parsed);
  if (given.length === 0 || given.length > MOST_MESSAGES) return null;
  const messages = given.map(messageOf);
  if (messages.some((message) => message === null)) return null;
  const whole = messages.filter((message) => message !== null);
  // Whatever comes with a handshake is ignored (Bayeux, handshake).
  const handshake = whole.find(({ channel }) => channel === '/meta/handshake');
  return handshake ? [handshake] : whole;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(value: unknown): Incoming | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { channel, clientId, id, data, ext, advice, subscription, ...rest } = value as JsonObject; // JSON.parse gives nothing else
  if (typeof channel !== 'string' || !/^\/[^*]+$/.test(channel) || channel.length > 200)
    return null;
  const subscriptions = subscription === undefined ? undefined : subscriptionsOf(subscription);
  if (subscriptions === null) return null;
  return {
    channel,
    ...textual('version', rest['version']),
    ...textual('connectionType', rest['connectionType']),
    ...(isSessionId(clientId) && { clientId }),
    ...((typeof id === 'string' || typeof id === 'number') &&
      String(id).length <= LONGEST_ID && { id: id as string }), // a number comes back as it was sent
    ...(data !== undefined && { data }),
    ...(isObject(ext) && { ext }),
    ...(isObject(advice) && { advice: adviceOf(advice) }),
    ...(subscriptions && { subscription: subscriptions as unknown as string[] }),
  };
}

/** Any other is nobody's; the library would look up `constructor` and find what every object has. */
const isSessionId = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);

const textual = (name: string, value: Json | undefined) =>
  typeof value === 'string' ? { [name]: value } : {};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One channel or several, as they were sent; null when one is none. */
function subscriptionsOf(value: Json): Json | null {
  const names = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.length <= MOST_MESSAGES && names.every(isSubscribable)
    ? value
    : null;
}

/** A client that asked for years would keep its session for years. */
function adviceOf({ timeout, interval }: JsonObject): JsonObject {
  return {
    ...(typeof timeout === 'number' && { timeout: within(timeout, LONGEST_TIMEOUT_MS) }),
    ...(typeof interval === 'number' && { interval: within(interval, LONGEST_INTERVAL_MS) }),
  };
}

const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
