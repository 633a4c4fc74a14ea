/** Longer than any honest line, and short enough to be held in memory. */
const LONGEST_LINE = 1024 * 1024;
const LINE_FEED = 10;

/** A line that cannot be given as text. */
export interface UnreadableLine {
  readonly unreadable: string;
}

/**
 * The lines of a stream of bytes, whatever their lengths, without a byte order mark and line feeds.
 * @param onRead told how many bytes have been read so far.
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<string | UnreadableLine> {
  let read = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  const take = (bytes: Uint8Array) => {
    length += bytes.length;
    // What is too long is counted and not kept.
    if (length <= LONGEST_LINE) parts.push(bytes);
    else parts = [];
  };
  const finish = () => {
    const line = length > LONGEST_LINE ? TOO_LONG : decode(Buffer.concat(parts));
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream) {
    read += chunk.length;
    onRead(read);
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

const TOO_LONG: UnreadableLine = { unreadable: `is longer than ${LONGEST_LINE} bytes` };

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string | UnreadableLine {
  try {
    return decoder.decode(bytes);
  } catch {
    return { unreadable: 'is not UTF-8' };
  }
}
