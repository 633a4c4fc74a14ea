/** The first byte of a whole text message in one frame (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/** An unmasked WebSocket frame, as servers send it, with room for a text of so many bytes; and where that begins. */
export function emptyFrame(bytes: number): { readonly frame: Buffer; readonly start: number } {
  const start = bytes < TWO_BYTES ? 2 : bytes < 2 ** 16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + bytes);
  frame[0] = WHOLE_TEXT;
  if (start === 2) frame[1] = bytes;
  else if (start === 4) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[1] = EIGHT_BYTES;
    frame.writeBigUInt64BE(BigInt(bytes), 2);
  }
  return { frame, start };
}
