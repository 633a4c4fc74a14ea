import { createRequire } from 'node:module';
import { CometD } from 'cometd';
// @ts-expect-error it has no types
import { AckExtension } from 'cometd/AckExtension.js';
import { adapt } from 'cometd-nodejs-client';
import { basic, type Message } from './desktop.ts';

/** A desktop that speaks by somebody's library, and comes back by itself. */
export interface LibraryClient {
  /** What was delivered, in order. */
  readonly received: Message[];
  /** How often it has shaken hands. */
  handshakes(): number;
  leave(): Promise<void>;
}

/** How a library is told to follow a channel, and after a break to go on where it was. */
export type Follow = (url: string, username: string, channel: string) => Promise<LibraryClient>;

/** As much of CometD's client as desktops use; its version 3 has no types. */
export interface Client {
  configure(options: object): void;
  unregisterTransport(name: string): void;
  registerExtension(name: string, extension: object): boolean;
  addListener(channel: string, tell: (message: Message) => void): void;
  handshake(): void;
  subscribe(
    channel: string,
    tell: (message: Message) => void,
    done?: (reply: Message) => void,
  ): void;
  disconnect(done: () => void): void;
}

const require = createRequire(import.meta.url);
// Both libraries are for browsers: this gives them what Node lacks.
adapt();

/** Remembers the last position, and says it when it comes back: what the README tells desktops to do. */
class Replay {
  /** How often hands were shaken. */
  handshakes = 0;
  #position: string | undefined;

  outgoing(message: Message): Message {
    if (message.channel !== '/meta/handshake' || this.#position === undefined) return message;
    return { ...message, ext: { ...message.ext, replay: this.#position } };
  }

  incoming(message: Message): Message {
    this.#position = message.ext?.replay ?? this.#position;
    if (message.channel === '/meta/handshake' && message.successful) this.handshakes += 1;
    return message;
  }
}

/** Has a client ask there, as somebody. */
export function configure(client: Client, url: string, username: string): void {
  client.unregisterTransport('websocket');
  client.configure({
    url: `${url}/api/v2/notifications`,
    requestHeaders: { Authorization: basic(username) },
    backoffIncrement: 100,
    maxBackoff: 500,
  });
}

async function followBy(client: Client, url: string, username: string, channel: string) {
  const received: Message[] = [];
  const subscribed = Promise.withResolvers<void>();
  const replay = new Replay();
  configure(client, url, username);
  client.registerExtension('replay', replay);
  client.addListener('/meta/handshake', ({ successful }) => {
    if (!successful) return;
    client.subscribe(
      channel,
      (message) => received.push(message),
      ({ successful: isDone }) => isDone && subscribed.resolve(),
    );
  });
  client.handshake();
  await subscribed.promise;
  return {
    received,
    handshakes: () => replay.handshakes,
    leave: () => new Promise<void>((resolve) => client.disconnect(resolve)),
  };
}

/** CometD's own client, version 9. */
export const cometD9 = () => new CometD() as unknown as Client; // its types ask for more than it does

/** The same, with its ack extension. */
export const byCometD9: Follow = (url, username, channel) => {
  const client = cometD9();
  client.registerExtension('ack', new AckExtension());
  return followBy(client, url, username, channel);
};

/** CometD's client of the time of GWS 8.5. */
export function cometD3(): Client {
  const { CometD: Version3 } = require('cometd-3') as { CometD: new () => Client };
  return new Version3();
}

export const byCometD3: Follow = (url, username, channel) =>
  followBy(cometD3(), url, username, channel);

/** As much of faye's client as desktops would use. */
interface Faye {
  Client: new (url: string, options: object) => FayeClient;
}

interface FayeClient {
  disable(feature: string): void;
  setHeader(name: string, value: string): void;
  addExtension(extension: object): void;
  subscribe(channel: string): FaySubscription;
  disconnect(): Promise<void>;
}

type FaySubscription = Promise<void> & {
  withChannel(tell: (channel: string, data: Message['data']) => void): FaySubscription;
};

/** faye's client: somebody else's reading of Bayeux. */
export const byFaye: Follow = async (url, username, channel) => {
  const { Client } = require('faye') as Faye;
  const client = new Client(`${url}/api/v2/notifications`, { retry: 0.2, timeout: 40 });
  const received: Message[] = [];
  const replay = new Replay();
  client.disable('websocket');
  client.setHeader('Authorization', basic(username));
  client.addExtension({
    outgoing: (message: Message, pass: (message: Message) => void) =>
      pass(replay.outgoing(message)),
    incoming: (message: Message, pass: (message: Message) => void) =>
      pass(replay.incoming(message)),
  });
  await client
    .subscribe(channel)
    .withChannel((name, data) => received.push({ channel: name, ...(data && { data }) }));
  return {
    received,
    handshakes: () => replay.handshakes,
    leave: async () => {
      await client.disconnect();
    },
  };
};
