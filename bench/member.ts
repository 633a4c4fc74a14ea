import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { clock } from './writer.ts';

/** Where one subscriber sits, and what it says. */
export interface Seat {
  readonly url: string;
  /** Absent where nothing is subscribed to: whoever connects is told. */
  readonly subscribes?: {
    readonly token: string;
    readonly query: string;
    readonly variables: Record<string, unknown>;
  };
  /** Whether the snapshot is awaited that Tandem begins with. */
  readonly untilBookmark: boolean;
}

/** What a subscriber has noticed. */
export interface Member {
  readonly socket: WebSocket;
  /** Resolves when it gets what comes. */
  readonly live: Promise<void>;
  received: number;
  /** Of the last change that was looked into. */
  sequence: number;
  /** Changes that came out of order or twice. */
  disordered: number;
  /** Where to resume. */
  position: string | undefined;
  /** The last change that was looked into, as it came. */
  frame: Buffer | undefined;
}

/** Sees each change: its number, and when it came. */
export type OnChange = (sequence: number, at: number) => void;

const CHANGE = Buffer.from('"CallChanged"');
const SEQUENCE = Buffer.from('"seq":"');
const POSITION = Buffer.from('"position":"');
const QUOTE = Buffer.from('"');
/** How many changes are counted for one that is looked into, where nobody asks for each. */
const LOOK_EVERY = 16;

const textAfter = (frame: Buffer, name: Buffer) => {
  const start = frame.indexOf(name) + name.length;
  return frame.toString('latin1', start, frame.indexOf(QUOTE, start));
};

interface Watching {
  readonly onFrame: () => void;
  /** Null looks into few changes only. */
  readonly onChange: OnChange | null;
  /** Who sat there, and is resumed. */
  readonly before: Member | undefined;
}

/** Sits down. Frames are counted and hardly looked into, so that measuring costs little. */
export function openMember(seat: Seat, { onFrame, onChange, before }: Watching): Member {
  const { subscribes } = seat;
  const protocols = subscribes ? ['graphql-transport-ws'] : [];
  const socket = new WebSocket(seat.url, protocols, { perMessageDeflate: false });
  const ready = Promise.withResolvers<void>();
  const member: Member = {
    ...{ received: 0, sequence: -1, disordered: 0, position: undefined, frame: undefined },
    ...before,
    ...{ socket, live: ready.promise },
  };

  function change(frame: Buffer) {
    member.received += 1;
    onFrame();
    if (!onChange && member.received % LOOK_EVERY !== 1) return;
    const sequence = Number(textAfter(frame, SEQUENCE));
    if (!(sequence > member.sequence)) member.disordered += 1;
    member.sequence = sequence;
    member.frame = frame;
    if (!onChange) return;
    member.position = textAfter(frame, POSITION);
    onChange(sequence, clock());
  }

  function other(frame: Buffer) {
    const text = frame.toString();
    if (text.startsWith('{"type":"connection_ack"')) {
      const variables = { ...subscribes?.variables, after: before?.position };
      const payload = { query: subscribes?.query, variables };
      socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload }));
      if (!seat.untilBookmark || before) ready.resolve();
    } else if (text.includes('"FeedBookmark"')) {
      member.position = textAfter(frame, POSITION);
      ready.resolve();
    } else if (text.includes('"errors"') || text.includes('"type":"error"')) {
      ready.reject(new Error(text));
    }
  }

  socket.on('message', (frame: Buffer) => {
    if (frame.includes(CHANGE)) change(frame);
    else other(frame);
  });
  socket.on('open', () => {
    if (!subscribes) return ready.resolve();
    const payload = { authorization: `Bearer ${subscribes.token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
  });
  socket.on('error', ready.reject);
  socket.on('close', (code) => ready.reject(new Error(`Closed with ${code}.`)));
  return member;
}

/** Leaves without a word. */
export async function leave({ socket }: Member): Promise<void> {
  const gone = once(socket, 'close');
  socket.terminate();
  await gone;
}
