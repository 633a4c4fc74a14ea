import type { Socket } from 'node:net';

/** The first byte of a whole text message in one frame (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const LONGEST_START = 10;

const END = '}'.charCodeAt(0);
/** Bytes for a frame's start and for what comes before the text; an operation's id is seldom longer than a UUID. */
const USUAL_HEAD = 128;
const DESK = 16 * 1024;

/** A text as bytes, with room before it. */
interface Sheet {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Where frames are made, one after the other. */
let desk = Buffer.allocUnsafe(DESK);
let laid: Sheet | undefined;
let laidText = '';

/**
 * Writes an unmasked WebSocket frame, as servers send it, past `ws`: a head, a text and a brace that ends both.
 *
 * All frames are made in the same bytes, and a text that goes to many stays there: the kernel takes nearly every frame at
 * once. With bytes for each frame, V8 would collect the old generation again and again, as it does when that much memory
 * outside of its heap was asked for, however little has grown old.
 */
export function writeFrame(connection: Socket, head: Buffer, text: string): void {
  if (connection.writableLength > 0 || head.length > USUAL_HEAD - LONGEST_START) {
    connection.write(frameOf(lay(text, head.length + LONGEST_START), head));
    return;
  }
  if (!laid || text !== laidText) {
    laid = lay(text, USUAL_HEAD, desk);
    laidText = text;
  }
  connection.write(frameOf(laid, head));
  // What the kernel has not taken stays as it is until it does.
  if (connection.writableLength > 0) {
    if (laid.bytes === desk) desk = Buffer.allocUnsafe(DESK);
    laid = undefined;
  }
}

/** Puts a text into these bytes, or where they may be too few into its own. */
function lay(text: string, from: number, given?: Buffer): Sheet {
  const isEnough = given && from + 3 * text.length + 1 <= given.length;
  const bytes = isEnough ? given : Buffer.allocUnsafe(from + Buffer.byteLength(text) + 1);
  const to = from + bytes.write(text, from) + 1;
  bytes[to - 1] = END;
  return { bytes, from, to };
}

function frameOf({ bytes, from, to }: Sheet, head: Buffer): Buffer {
  const length = head.length + to - from;
  bytes.set(head, from - head.length);
  const start =
    from - head.length - (length < TWO_BYTES ? 2 : length < 2 ** 16 ? 4 : LONGEST_START);
  bytes[start] = WHOLE_TEXT;
  if (length < TWO_BYTES) bytes[start + 1] = length;
  else if (length < 2 ** 16) {
    bytes[start + 1] = TWO_BYTES;
    bytes.writeUInt16BE(length, start + 2);
  } else {
    bytes[start + 1] = EIGHT_BYTES;
    bytes.writeBigUInt64BE(BigInt(length), start + 2);
  }
  return bytes.subarray(start, to);
}
