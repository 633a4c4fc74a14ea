import { CALLS, CHANNELS, DEVICES } from '../cometd/channels.ts';
import { NOTIFICATION_TYPES } from '../cometd/notifications.ts';
import { WHEN_GUARDED } from './forgery.ts';
import { SCHEMAS } from './schemas.ts';
import { ref } from './words.ts';

const POLLING =
  'Long-polling: POST one message or an array of them, as JSON or as `message` of a form; the answer is an array. ' +
  'Callback-polling, for script elements: `GET ?message=[...]&jsonp=NAME` (by default `jsonpcallback`); the answer is ' +
  'the script `/**/NAME([...])`. It is off, and no handshake offers it, where the server guards against forgery or lets ' +
  'pages of other origins in.';

const MESSAGES = {
  [CALLS]: {
    name: 'CallStateChangeMessage',
    summary: 'Something has happened to one of the user’s calls.',
    properties: {
      notificationType: { enum: NOTIFICATION_TYPES },
      call: ref('Call'),
      phoneNumber: { type: 'string' },
    },
  },
  [DEVICES]: {
    name: 'DeviceStateChangeMessage',
    summary: 'The user’s telephones, after a change of what it does as an agent.',
    properties: { devices: { type: 'array', items: ref('Device') } },
  },
  [CHANNELS]: {
    name: 'ChannelStateChangeMessageV2',
    summary: 'The user’s channels, after such a change.',
    properties: { channels: { type: 'array', items: ref('Channel') } },
  },
};

const EXT = {
  type: 'object',
  properties: {
    replay: { type: 'string', description: 'The position in the feed, for `ext` of a handshake.' },
  },
};

/** The AsyncAPI 3.0 document of the notifications. @param url where this server is */
export function asyncapiOf(url: string): object {
  const { host, protocol } = new URL(url);
  const messages = Object.entries(MESSAGES).map(([address, message]) => ({
    ...{ address, message, id: message.name },
  }));
  const each = <Value>(make: (one: (typeof messages)[number]) => Value) =>
    Object.fromEntries(messages.map((one) => [one.id, make(one)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Genesys Web Services v2: notifications',
      version: '2.0.0',
      description: `By CometD (Bayeux 1.0), with wildcards, the ack extension, and \`ext.replay\`. ${POLLING} ${WHEN_GUARDED}`,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      tandem: {
        ...{ host, protocol: protocol.replace(':', ''), pathname: '/api/v2/notifications' },
        description: 'Basic, Bearer or the JSESSIONID cookie.',
      },
    },
    channels: each(({ address, id }) => ({
      address,
      messages: { [id]: { $ref: `#/components/messages/${id}` } },
    })),
    operations: each(({ id }) => ({
      action: 'send',
      channel: { $ref: `#/channels/${id}` },
      messages: [{ $ref: `#/channels/${id}/messages/${id}` }],
    })),
    components: {
      messages: each(({ message, address }) => ({
        ...{ name: message.name, title: message.name, summary: message.summary },
        payload: payloadOf(address, message),
      })),
      schemas: { Call: SCHEMAS.Call, Device: SCHEMAS.Device, Channel: SCHEMAS.Channel },
    },
  };
}

const payloadOf = (
  channel: string,
  { name, properties }: { name: string; properties: object },
) => ({
  type: 'object',
  properties: {
    channel: { const: channel },
    data: {
      type: 'object',
      properties: { messageType: { const: name }, ...properties },
      required: ['messageType', ...Object.keys(properties)],
    },
    // `GET` has all that the others say: they have no position.
    ...(channel === CALLS && { ext: EXT }),
  },
  required: ['channel', 'data'],
});
