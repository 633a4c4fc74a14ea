import { connect, type NatsConnection } from '@nats-io/transport-node';
import pRetry from 'p-retry';

/** The connection to NATS, which comes and goes. */
export interface Link extends AsyncDisposable {
  /** Null while there is none. */
  connection(): NatsConnection | null;
  /** Why nothing can be said there since it was connected to, or why it is not; null when there is no reason known. */
  lastError(): string | null;
  /** Takes a failure for the last error if it says that NATS is away or not ready; gives whether it does. */
  blame(error: unknown): boolean;
}

/** What the client and JetStream's say of a server that is away, hangs, or has not come up yet. */
const AWAY = new Set([
  'ClosedConnectionError',
  'ConnectionError',
  'DrainingConnectionError',
  'JetStreamNotEnabled',
  'NoRespondersError',
  'RequestError',
  'TimeoutError',
]);

/** Begins to connect, and connects again for ever. */
export function openLink(url: string): Link {
  const stop = new AbortController();
  let link: NatsConnection | null = null;
  let isUp = false;
  let lastError: string | null = null;

  async function attempt() {
    const connection = await connect(targetOf(url));
    if (stop.signal.aborted) await connection.close();
    return connection;
  }

  async function watch(connection: NatsConnection) {
    link = connection;
    isUp = true;
    lastError = null;
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') isUp = false;
      if (type === 'reconnect') {
        isUp = true;
        lastError = null;
      }
    }
    isUp = false;
  }

  const keeping = (async () => {
    while (!stop.signal.aborted) {
      await watch(
        await pRetry(attempt, {
          retries: Number.POSITIVE_INFINITY,
          minTimeout: 250,
          maxTimeout: 2000,
          randomize: true,
          signal: stop.signal,
          onFailedAttempt: ({ error }) => {
            lastError = error.message;
          },
        }),
      );
    }
  })().catch(() => {});

  return {
    connection: () => (isUp ? link : null),
    lastError: () => lastError,
    blame(error) {
      if (!(error instanceof Error && AWAY.has(error.name))) return false;
      lastError = `${error.name}: ${error.message}`;
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await link?.close();
      await keeping;
    },
  };
}

function targetOf(text: string) {
  const { protocol, host, username, password } = new URL(text);
  return {
    servers: host,
    name: 'tandem',
    ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    // Else a server that offers no TLS would be spoken to in plain text.
    ...(protocol === 'tls:' && { tls: {} }),
    timeout: 2000,
    pingInterval: 2000,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    ignoreAuthErrorAbort: true,
  };
}
