import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type Msg } from '@nats-io/transport-node';

/** A message as the stream holds it. */
interface Stored {
  readonly subject: string;
  readonly text: string;
  /** Who wrote it: another one each time that somebody becomes the relay. */
  readonly writer: string;
}

/** What a third party on the same NATS sees of the relays. */
export interface Relays extends AsyncDisposable {
  /** Resolves with the writer when a relay, other than this one, has next told its head. */
  beat(other?: string): Promise<string>;
  /** Tells the last head once more, as a relay does that does not know yet that it is none any longer. */
  overtake(): Promise<void>;
  /** All that the streams hold. */
  stored(): Promise<readonly Stored[]>;
}

const writerOf = (id: string | undefined) => id?.split(' ')[0] ?? '';

export async function watchRelays(url: string): Promise<Relays> {
  const { host, username, password } = new URL(url);
  const login = { user: username, pass: password };
  const connection = await connect({ servers: host, ...login, maxReconnectAttempts: -1 });
  const { streams } = await jetstreamManager(connection);
  const js = jetstream(connection);
  let next = Promise.withResolvers<Msg>();
  const hear = (_: Error | null, head: Msg) => {
    next.resolve(head);
    next = Promise.withResolvers();
  };
  connection.subscribe('tandem.*.head', { callback: hear });
  return {
    async beat(other) {
      while (true) {
        const { headers } = await next.promise;
        const writer = writerOf(headers?.get('Nats-Msg-Id'));
        if (writer !== other) return writer;
      }
    },
    async overtake() {
      const head = await next.promise;
      await js.publish(head.subject, head.data);
    },
    async stored() {
      const found: Stored[] = [];
      for await (const { config, state } of streams.list()) {
        for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
          const message = await streams.getMessage(config.name, { seq });
          if (!message) continue;
          const writer = writerOf(message.header.get('Nats-Msg-Id'));
          found.push({ subject: message.subject, text: message.string(), writer });
        }
      }
      return found;
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
