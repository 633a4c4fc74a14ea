import type { Json, JsonObject } from '../../../model/json.ts';
import { CONNECT, HANDSHAKE, isSubscribable } from './channels.ts';
import { identified } from './incoming.ts';

const MOST_SUBSCRIPTIONS = 100;
const LONGEST_CHANNEL = 200;

/** The answer to a message that is malformed. */
export interface RefusedMessage {
  /** As it was sent; absent when it was none. */
  readonly channel?: string;
  readonly id?: string | number;
  readonly successful: false;
  /** A code and what it means (Bayeux, error); between the colons would stand what it is about. */
  readonly error: string;
}

/** What is wrong with a message; null for nothing. @param types how can be polled here */
export function faultOf(message: JsonObject, types: readonly string[]): string | null {
  const { channel, subscription } = message;
  if (channel === undefined || channel === null || channel === '') return '400::channel_missing';
  if (!isChannel(channel)) return '400::channel_invalid';
  if (subscription !== undefined && !areSubscriptions(subscription)) {
    return '403::subscription_invalid';
  }
  // Whoever asks, and whether anybody uses the channel or not: nobody shall learn that.
  if (!/^\/meta\//.test(String(channel))) return '403::publish_denied';
  if (isHandshake(message)) return faultOfHandshake(message, types);
  return isConnect(message) ? faultOfConnect(message, types) : null;
}

/** Bayeux wants both fields, and has no codes of its own for what lacks them. */
function faultOfHandshake(message: JsonObject, types: readonly string[]): string | null {
  const { version, minimumVersion: least, supportedConnectionTypes: wanted } = message;
  if (!isText(version)) return '400::version_missing';
  if (isText(least) && isAbove(least)) return '400::version_unsupported';
  // Old clients leave it out, and all of them can do long-polling.
  return wanted === undefined || hasCommon(wanted, types)
    ? null
    : '400::connection_types_unsupported';
}

/** Who has no session hears that first. */
function faultOfConnect({ clientId, connectionType: type }: JsonObject, types: readonly string[]) {
  if (!isText(clientId)) return null;
  if (!isText(type)) return '400::connection_type_missing';
  return types.includes(type) ? null : '400::connection_type_unsupported';
}

/** Whether a version is above 1.0, the only one there is (Bayeux, bayeux_version). */
function isAbove(version: string): boolean {
  const [, major = '', minor = ''] = /^(\d+)(?:\.(\w+))?/.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && /[^0]/.test(minor));
}

const isText = (value: Json | undefined): value is string =>
  typeof value === 'string' && value !== '';

/** The answer names what it answers; that to a handshake says what would do, and to a poll, too, that nothing else ever will. */
export function refusedFor(
  message: JsonObject,
  error: string,
  types: readonly string[],
): RefusedMessage {
  const { channel, id, subscription } = message;
  return {
    ...(typeof channel === 'string' && { channel }),
    ...identified(id),
    ...(subscription !== undefined && { subscription }),
    ...{ successful: false, error },
    ...(isHandshake(message) && { version: '1.0', supportedConnectionTypes: types }),
    ...((isHandshake(message) || isConnect(message)) && { advice: { reconnect: 'none' } }),
  };
}

const isHandshake = ({ channel }: JsonObject): boolean => channel === HANDSHAKE;
const isConnect = ({ channel }: JsonObject): boolean => channel === CONNECT;

const isChannel = (value: Json): boolean =>
  typeof value === 'string' && /^\/[^*]+$/.test(value) && value.length <= LONGEST_CHANNEL;

/** One channel or several. */
function areSubscriptions(value: Json): boolean {
  const names = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.length <= MOST_SUBSCRIPTIONS && names.every(isSubscribable);
}

const hasCommon = (wanted: Json, types: readonly string[]): boolean =>
  Array.isArray(wanted) && wanted.some((type) => types.some((own) => own === type));
