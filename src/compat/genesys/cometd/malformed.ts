import type { Json, JsonObject } from '../../../model/json.ts';
import { HANDSHAKE, isSubscribable } from './channels.ts';
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
  const { channel, subscription, supportedConnectionTypes: wanted } = message;
  if (channel === undefined || channel === null || channel === '') return '400::channel_missing';
  if (!isChannel(channel)) return '400::channel_invalid';
  if (subscription !== undefined && !areSubscriptions(subscription)) {
    return '403::subscription_invalid';
  }
  // Old clients leave it out, and all of them can do long-polling.
  if (isHandshake(message) && wanted !== undefined && !hasCommon(wanted, types)) {
    return '400::connection_types_unsupported';
  }
  return null;
}

/** The answer names what it answers; that to a handshake says what would do, and that nothing else ever will. */
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
    ...(isHandshake(message) && {
      ...{ version: '1.0', supportedConnectionTypes: types, advice: { reconnect: 'none' } },
    }),
  };
}

const isHandshake = ({ channel }: JsonObject): boolean => channel === HANDSHAKE;

const isChannel = (value: Json): boolean =>
  typeof value === 'string' && /^\/[^*]+$/.test(value) && value.length <= LONGEST_CHANNEL;

/** One channel or several. */
function areSubscriptions(value: Json): boolean {
  const names = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.length <= MOST_SUBSCRIPTIONS && names.every(isSubscribable);
}

const hasCommon = (wanted: Json, types: readonly string[]): boolean =>
  Array.isArray(wanted) && wanted.some((type) => types.some((own) => own === type));
