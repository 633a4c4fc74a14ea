import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Outbox } from './outbox.ts';

/** Characters that wait for a slow reader, two bytes each at most; it is fed from the log beyond them. */
const MOST_WAITING = 128 * 1024;

/** Where the results of one operation go as texts. */
export interface Sink {
  /** Writes a result at once; false when the reader is too slow for that. */
  offer(text: string): boolean;
  /** Writes a result when the reader has taken what was written before. */
  write(text: string): Promise<void>;
}

/** One operation of a WebSocket, which has a connection below it. */
interface Subscribed {
  readonly socket: WebSocket;
  readonly connection: Socket;
  readonly outbox: Outbox;
  readonly id: string;
}

/** Writes the results of one operation of a graphql-ws connection: the shared text with this operation's id. */
export function socketSink({ socket, connection, outbox, id }: Subscribed): Sink {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  let unsent = 0;
  const sendNow = (text: string) => {
    unsent -= text.length;
    socket.send(`${head}${text}}`);
  };
  const send = (text: string) => {
    unsent += text.length;
    outbox.add(sendNow, text);
  };
  return {
    offer: (text) => {
      if (connection.writableLength + unsent + text.length > MOST_WAITING) return false;
      send(text);
      return true;
    },
    write: async (text) => {
      // Only what is sent can be waited for; that is before this goes on.
      if (unsent > 0) await Promise.resolve();
      if (connection.writableNeedDrain) await drained(connection);
      send(text);
    },
  };
}

/** Resolves when all that was written is on its way, or the connection is gone; why it is gone is not our affair. */
async function drained(connection: Socket) {
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.once('drain', resolve).once('close', resolve);
  await promise;
  connection.off('drain', resolve).off('close', resolve);
}
