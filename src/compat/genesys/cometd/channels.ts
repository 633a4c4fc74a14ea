/** Where notifications are delivered. */
export const CALLS = '/v2/me/calls';
export const DEVICES = '/v2/me/devices';
export const CHANNELS = '/v2/me/channels';

/** How a session begins. */
export const HANDSHAKE = '/meta/handshake';
/** How a client waits for what is delivered. */
export const CONNECT = '/meta/connect';

const LONGEST = 200;
/** Segments of a channel; `*` or `**` may be the last (Bayeux, channel globbing). */
const NAME = /^(?:\/[\w\-!~()$@.]+)*\/(?:[\w\-!~()$@.]+|\*{1,2})$/;

/** Whether a text is a channel or a pattern that can be subscribed to. Any will do: desktops give up when one is refused. */
export const isSubscribable = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= LONGEST && NAME.test(name) && !/^\/meta\//.test(name);

/** Whether a subscription takes what is delivered on a channel. */
export function takes(subscription: string, channel: string): boolean {
  if (subscription.endsWith('/**')) return channel.startsWith(subscription.slice(0, -2));
  if (!subscription.endsWith('/*')) return subscription === channel;
  const parent = subscription.slice(0, -1);
  return channel.startsWith(parent) && !channel.slice(parent.length).includes('/');
}
