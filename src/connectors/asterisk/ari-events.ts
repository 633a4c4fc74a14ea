import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { SwitchError } from '../connector.ts';
import { authorization, refusalOf } from './ari-client.ts';
import { type AriEvent, parseEvent } from './channel.ts';
import type { AsteriskSettings } from './settings.ts';

const OPENING_MS = 5_000;

/** One subscription to all that happens on an Asterisk. */
export interface AriEvents {
  /** Resolves when the connection is gone, with the reason. */
  readonly closed: Promise<string>;
  /** Resolves when Asterisk has sent back a sign, behind what it had told before; or the connection is gone. */
  ping(): Promise<void>;
  close(): void;
}

/** Subscribes; events come before it resolves or from then on. Rejects with the reason. */
export async function openAriEvents(
  settings: AsteriskSettings,
  take: (event: AriEvent) => void,
): Promise<AriEvents> {
  const query = new URLSearchParams({ app: settings.app, subscribeAll: 'true' });
  const url = `${settings.httpUrl.replace(/^http/, 'ws')}/ari/events?${query}`;
  const socket = new WebSocket(url, {
    headers: { Authorization: authorization(settings) },
    handshakeTimeout: OPENING_MS,
    maxPayload: 1_048_576,
    perMessageDeflate: false,
  });
  socket.on('message', (data) => {
    const event = parseEvent(String(data));
    if (event) take(event);
  });
  const refused = refusal(socket);
  const closed = endOf(socket);
  const opened = new Promise((resolve) => socket.once('open', resolve));
  const gone = closed.then((reason) => {
    throw new SwitchError('LINK_DOWN', `ARI's events: ${reason}`);
  });
  // Later than the opening it is nobody's refusal any more.
  gone.catch(() => {});
  await Promise.race([opened, refused, gone]);
  return {
    closed,
    async ping() {
      const answered = new Promise((resolve) => socket.once('pong', resolve));
      if (socket.readyState === WebSocket.OPEN) socket.ping();
      await Promise.race([answered, closed]);
    },
    close: () => socket.terminate(),
  };
}

/** Rejects when Asterisk answers with anything but a WebSocket. */
function refusal(socket: WebSocket): Promise<never> {
  return new Promise((_resolve, reject) => {
    socket.once('unexpected-response', (_request, { statusCode = 0 }: IncomingMessage) => {
      const text = `ARI's events: HTTP ${statusCode}`;
      reject(refusalOf(statusCode) ?? new SwitchError('SWITCH_ERROR', text));
      socket.terminate();
    });
  });
}

/** The reason for which the socket closed; never rejects. */
function endOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    // A reason of its own comes before the close.
    socket.on('error', ({ message }) => resolve(message));
    socket.once('close', (code) => resolve(`the connection closed with ${code}`));
  });
}
