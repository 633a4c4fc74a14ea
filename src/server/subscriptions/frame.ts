import type { Socket } from 'node:net';

/** The first byte of a whole text message in one frame (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

const END = '}'.charCodeAt(0);
/** Bytes at hand, for all frames that go to a reader at once, unless they are more. */
const DESK = 16 * 1024;

/** A text message: what comes before the text, and the text. A brace ends both. */
export interface Frame {
  readonly head: Buffer;
  readonly text: string;
}

/** Frames one after the other, and where each one's head is. */
interface Laid {
  readonly frames: readonly Frame[];
  readonly headsAt: readonly number[];
  readonly bytes: Buffer;
}

// Never from the pool of `Buffer`: who waits for a hundred bytes would hold all that share its 64 kB.
let desk = Buffer.allocUnsafeSlow(DESK);
let laid: Laid | undefined;

/**
 * Writes unmasked WebSocket frames, as servers send them, past `ws`, which would encode a text anew for each reader.
 *
 * They are made in the same bytes for all readers, as the kernel takes nearly all at once, and stay there where the next
 * reader gets the same texts. With bytes for each frame V8 would collect the old generation again and again, as it does
 * when that much was asked for outside of its heap, however little has grown old.
 */
export function writeFrames(connection: Socket, frames: readonly Frame[]): void {
  // It would not take them now, and others need the desk.
  if (connection.writableLength > 0) {
    connection.write(lay(frames, Buffer.allocUnsafeSlow(total(frames))).bytes);
    return;
  }
  const { bytes } = layForAll(frames);
  connection.write(bytes);
  // What the kernel has not taken stays as it is until it does.
  if (connection.writableLength > 0) {
    laid = undefined;
    if (bytes.buffer === desk.buffer) desk = Buffer.allocUnsafeSlow(DESK);
  }
}

/** On the desk, or as they lie there for the last reader; too many for it get bytes that others may share. */
function layForAll(frames: readonly Frame[]): Laid {
  if (laid && isLike(laid.frames, frames)) {
    address(laid, frames);
    return laid;
  }
  laid = undefined;
  const size = total(frames);
  laid = lay(frames, size > DESK ? Buffer.allocUnsafeSlow(size) : desk);
  return laid;
}

/** Whether they are the same texts, behind heads as long. */
const isLike = (some: readonly Frame[], others: readonly Frame[]) =>
  some.length === others.length &&
  some.every(
    ({ head, text }, index) =>
      text === others[index]?.text && head.length === others[index].head.length,
  );

function address({ headsAt, bytes }: Laid, frames: readonly Frame[]) {
  for (const [index, { head }] of frames.entries()) bytes.set(head, headsAt[index]);
}

/** Puts frames into bytes that have room for them. */
function lay(frames: readonly Frame[], onto: Buffer): Laid {
  const headsAt: number[] = [];
  let at = 0;
  for (const frame of frames) {
    const length = lengthOf(frame);
    putStart(onto, at, length);
    const from = at + startOf(length);
    onto.set(frame.head, from);
    onto.write(frame.text, from + frame.head.length);
    at = from + length;
    onto[at - 1] = END;
    headsAt.push(from);
  }
  return { frames, headsAt, bytes: onto.subarray(0, at) };
}

const lengthOf = ({ head, text }: Frame) => head.length + Buffer.byteLength(text) + 1;

const startOf = (length: number) => (length < TWO_BYTES ? 2 : length < 2 ** 16 ? 4 : 10);

const total = (frames: readonly Frame[]) =>
  frames.map(lengthOf).reduce((sum, length) => sum + startOf(length) + length, 0);

function putStart(bytes: Buffer, at: number, length: number) {
  bytes[at] = WHOLE_TEXT;
  if (length < TWO_BYTES) bytes[at + 1] = length;
  else if (length < 2 ** 16) {
    bytes[at + 1] = TWO_BYTES;
    bytes.writeUInt16BE(length, at + 2);
  } else {
    bytes[at + 1] = EIGHT_BYTES;
    bytes.writeBigUInt64BE(BigInt(length), at + 2);
  }
}
