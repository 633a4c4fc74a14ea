import type { Socket } from 'node:net';

/** The first byte of a whole text message in one frame (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

const END = '}'.charCodeAt(0);
/** Bytes at hand for frames; a longer one gets its own. */
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

let desk = Buffer.allocUnsafe(DESK);
let laid: Laid | undefined;

/**
 * Writes unmasked WebSocket frames, as servers send them, past `ws`, which would encode a text anew for each reader.
 *
 * They are made in the same bytes for all readers, as the kernel takes nearly all at once, and stay there where the next
 * reader gets the same texts. With bytes for each frame V8 would collect the old generation again and again, as it does
 * when that much was asked for outside of its heap, however little has grown old.
 */
export function writeFrames(connection: Socket, frames: readonly Frame[]): void {
  for (let rest = frames; rest.length > 0; ) {
    // It would not take the desk now, and others need it.
    const isWaiting = connection.writableLength > 0;
    const sheet = isWaiting ? lay(rest, Buffer.allocUnsafe(total(rest))) : onDesk(rest);
    connection.write(sheet.bytes);
    rest = rest.slice(sheet.frames.length);
    // What the kernel has not taken stays as it is until it does.
    if (!isWaiting && connection.writableLength > 0) clearDesk();
  }
}

/** The first of these frames, as many as the desk has room for. */
function onDesk(frames: readonly Frame[]): Laid {
  if (laid && isLike(laid.frames, frames)) address(laid, frames);
  else laid = lay(frames, deskFor(frames));
  return laid;
}

/** Whether these begin with the same texts, and heads as long. */
const isLike = (some: readonly Frame[], these: readonly Frame[]) =>
  some.every(
    ({ head, text }, index) =>
      text === these[index]?.text && head.length === these[index].head.length,
  );

function address({ headsAt, bytes }: Laid, frames: readonly Frame[]) {
  headsAt.forEach((at, index) => {
    const frame = frames[index];
    if (frame) bytes.set(frame.head, at);
  });
}

function deskFor(frames: readonly Frame[]): Buffer {
  const needed = total(frames.slice(0, 1));
  if (needed > desk.length || desk.length > DESK) {
    desk = Buffer.allocUnsafe(Math.max(needed, DESK));
  }
  return desk;
}

function clearDesk() {
  desk = Buffer.allocUnsafe(DESK);
  laid = undefined;
}

function lay(frames: readonly Frame[], onto: Buffer): Laid {
  const headsAt: number[] = [];
  let at = 0;
  for (const frame of frames) {
    const length = lengthOf(frame);
    const from = at + startOf(length);
    if (from + length > onto.length) break;
    putStart(onto, at, length);
    onto.set(frame.head, from);
    onto.write(frame.text, from + frame.head.length);
    at = from + length;
    onto[at - 1] = END;
    headsAt.push(from);
  }
  return { frames: frames.slice(0, headsAt.length), headsAt, bytes: onto.subarray(0, at) };
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
