import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { type Frame, writeFrames } from './frame.ts';
import type { Outbox } from './outbox.ts';

/**
 * Bytes that wait for a slow reader. It is fed from the log beyond them, 64 kB at a time, so that one that stands still
 * holds no more than 256 kB.
 */
const MOST_WAITING = 192 * 1024;
/** Of a character, where it is not worth while to count them. */
const MOST_BYTES = 3;

/** Where the results of one operation go as texts. */
export interface Sink {
  /** Writes a result at once; false when the reader is too slow for that. */
  offer(text: string): boolean;
  /** Writes a result when the reader has taken what was written before. */
  write(text: string): Promise<void>;
}

/** A WebSocket and the connection below it. */
interface Connected {
  readonly socket: WebSocket;
  readonly connection: Socket;
  readonly outbox: Outbox;
}

/**
 * Makes what writes the results of the operations of one graphql-ws connection, each the shared text with its
 * operation's id. What waits is counted for all of them together, and what one turn brings goes in one write.
 */
export function socketSinks({ socket, connection, outbox }: Connected): (id: string) => Sink {
  let frames: Frame[] = [];
  let unsent = 0;
  let lastTurn = Promise.resolve();

  function flush() {
    const ready = frames;
    frames = [];
    unsent = 0;
    if (socket.readyState === WebSocket.OPEN) writeFrames(connection, ready);
  }

  function send(frame: Frame) {
    if (frames.length === 0) outbox.add(flush);
    frames.push(frame);
    unsent += sizeOf(frame);
  }

  async function writable() {
    // Only what is sent can be waited for; that is before this goes on.
    if (unsent > 0) await Promise.resolve();
    while (connection.writableNeedDrain) await drained(connection);
  }

  return (id) => {
    const head = bytesOf(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    return {
      offer: (text) => {
        const frame = { head, text };
        const waits = connection.writableLength + MOST_BYTES * unsent;
        // Where nothing waits there is room for one of any length, or it would never come but from the log.
        if (waits > 0 && waits + MOST_BYTES * sizeOf(frame) > MOST_WAITING) return false;
        send(frame);
        return true;
      },
      write: (text) => {
        // One by one: together they would all find room that is there for one.
        lastTurn = lastTurn.then(writable).then(() => send({ head, text }));
        return lastTurn;
      },
    };
  };
}

/** Not from the pool of `Buffer`: it stays as long as its operation, and would hold all that share its 64 kB. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** The client has chosen the id in its head, however long. */
const sizeOf = ({ head, text }: Frame) => head.length + text.length;

/** Resolves when all that was written is on its way, or the connection is gone; why it is gone is not our affair. */
async function drained(connection: Socket) {
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.once('drain', resolve).once('close', resolve);
  await promise;
  connection.off('drain', resolve).off('close', resolve);
}
