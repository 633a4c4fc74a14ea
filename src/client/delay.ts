const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** Milliseconds before a try: by chance all of up to 1 s, doubling to 30 s, so that a restart makes no storm. */
export const defaultDelay = (tries: number): number =>
  Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
