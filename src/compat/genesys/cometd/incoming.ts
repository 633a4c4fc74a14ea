import type { ServerMessage } from 'cometd-nodejs-server';
import type { Json, JsonObject } from '../../../model/json.ts';

const LONGEST_TIMEOUT_MS = 30_000;
const LONGEST_INTERVAL_MS = 10_000;
const LONGEST_ID = 100;

/** A Bayeux message as a client sends it, with what the server library takes for granted made sure. */
export type Incoming = ServerMessage & { readonly channel: string };

/** A message that has no fault, with no more than is looked at. */
export function incomingOf(message: JsonObject): Incoming {
  const { channel, clientId, id, data, ext, advice, subscription } = message;
  return {
    channel: String(channel),
    ...textual('version', message['version']),
    ...textual('connectionType', message['connectionType']),
    ...(isSessionId(clientId) && { clientId }),
    ...(identified(id) as { id?: string }), // a number comes back as it was sent
    ...(data !== undefined && { data }),
    ...(isObject(ext) && { ext }),
    ...(isObject(advice) && { advice: adviceOf(advice) }),
    ...(subscription !== undefined && { subscription: subscription as string[] }), // or one of them
  };
}

/** The id of a message, which its answer has, too; none when it is not one that is taken. */
export const identified = (id: Json | undefined): { id?: string | number } =>
  (typeof id === 'string' || typeof id === 'number') && String(id).length <= LONGEST_ID
    ? { id }
    : {};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any other is nobody's; the library would look up `constructor` and find what every object has. */
const isSessionId = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);

const textual = (name: string, value: Json | undefined) =>
  typeof value === 'string' ? { [name]: value } : {};

/** A client that asked for years would keep its session for years. */
function adviceOf({ timeout, interval }: JsonObject): JsonObject {
  return {
    ...(typeof timeout === 'number' && { timeout: within(timeout, LONGEST_TIMEOUT_MS) }),
    ...(typeof interval === 'number' && { interval: within(interval, LONGEST_INTERVAL_MS) }),
  };
}

const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);
