/** Taken from the system at once, and used again for later texts instead of being given back. */
const SEGMENT = 1024 * 1024;
/** At the end of a segment so many may stay empty. */
const SMALL = SEGMENT / 32;
/** Of those that are empty. */
const MOST_SPARE = 4;

interface Segment {
  readonly bytes: Buffer;
  used: number;
  texts: number;
}

/** Where a text is kept. */
export interface KeptText {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
}

/** Texts as bytes. */
export interface Texts {
  keep(pieces: readonly string[]): KeptText;
  read(kept: KeptText): string;
  /** Once for each, which is not read again; nothing of it is left in memory. */
  drop(kept: KeptText): void;
}

/**
 * Keeps texts outside of V8's heap: what is kept for seconds grows old there, and thousands of changes a second, each of
 * 2 kB, would have all that is old collected every other second.
 */
export function createTexts(): Texts {
  const spare: Segment[] = [];
  let last = segmentOf(0);

  function withRoomFor(size: number): Segment {
    if (last.used + size <= last.bytes.length) return last;
    const next = size <= SEGMENT ? (spare.pop() ?? segmentOf(SEGMENT)) : segmentOf(size);
    retire(last);
    last = next;
    return next;
  }

  /** Makes an empty one ready for others. */
  function retire(segment: Segment) {
    if (segment.texts > 0 || segment.bytes.length !== SEGMENT) return;
    segment.used = 0;
    if (spare.length < MOST_SPARE) spare.push(segment);
  }

  return {
    keep(pieces) {
      const segment = withRoomFor(roomFor(pieces));
      const start = segment.used;
      for (const piece of pieces) segment.used += segment.bytes.write(piece, segment.used);
      segment.texts += 1;
      return { segment, start, end: segment.used };
    },
    read: ({ segment, start, end }) => segment.bytes.toString('utf8', start, end),
    drop({ segment, start, end }) {
      segment.bytes.fill(0, start, end);
      segment.texts -= 1;
      if (segment !== last) retire(segment);
    },
  };
}

/** Bytes, or for a small text as many as they may be: to count them takes as long as to write them. */
function roomFor(pieces: readonly string[]): number {
  const most = pieces.reduce((sum, { length }) => sum + 3 * length, 0);
  return most <= SMALL ? most : pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
}

const segmentOf = (size: number): Segment => ({
  ...{ bytes: Buffer.allocUnsafeSlow(size), used: 0, texts: 0 },
});
