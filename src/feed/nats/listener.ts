import { type ConsumerMessages, DeliverPolicy, type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { createAlarm } from '../../model/alarm.ts';
import type { Link } from './link.ts';
import { decodeTold, streamOf, type Told } from './told.ts';

const CHECK_MS = 250;
/** How long a silent stream is listened to before it is opened anew: it may be another one by then. */
const SILENT_MS = 3000;
const TIMEOUT_MS = 2000;
/** After this the server forgets a reader that is gone. */
const INACTIVE_MS = 30_000;
const WAITING = 500;

interface Listener {
  readonly link: Link;
  /** The life of the database that is listened to. */
  readonly epoch: () => string;
  readonly onTold: (told: Told) => void;
  readonly onError: (error: unknown) => void;
}

/** Listens to what relays say from now on; whoever misses what was said before reads the log. */
export function startListening({ link, epoch, onTold, onError }: Listener): AsyncDisposable {
  const stop = new AbortController();
  const alarm = createAlarm();
  const open: { messages?: ConsumerMessages; epoch?: string } = {};
  let heardAt = 0;

  const hear = (message: JsMsg) => {
    heardAt = Date.now();
    try {
      onTold(decodeTold(message.string()));
    } catch (error) {
      onError(new Error('The stream of changes has a message that is none', { cause: error }));
    }
  };

  async function openAnew(connection: NatsConnection) {
    open.messages?.stop();
    heardAt = Date.now();
    const life = epoch();
    const consumers = jetstream(connection, { timeout: TIMEOUT_MS }).consumers;
    const consumer = await consumers.get(streamOf(life), {
      deliver_policy: DeliverPolicy.New,
      inactive_threshold: INACTIVE_MS,
    });
    open.messages = await consumer.consume({ max_messages: WAITING, callback: hear });
    open.epoch = life;
  }

  const listening = (async () => {
    while (!stop.signal.aborted) {
      const connection = link.connection();
      const isStale = open.epoch !== epoch() || Date.now() - heardAt > SILENT_MS;
      // Until a relay has made the stream there is none: whoever listens tries again.
      if (connection && isStale) await openAnew(connection).catch(() => {});
      await alarm.within(CHECK_MS);
    }
    open.messages?.stop();
  })();

  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      alarm.ring();
      await listening;
    },
  };
}
