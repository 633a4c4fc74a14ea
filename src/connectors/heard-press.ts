import type { KeyPress } from './connector.ts';

/** What was pressed, and when this process heard of it. */
export interface HeardPress extends KeyPress {
  /** Of the first digit, in milliseconds by `performance.now()`, which nobody sets. */
  readonly heardAt: number;
}

/** Longer than this would be erased as one, with what was pressed after the erasure. */
const ONE_FOR_MS = 1000;

/** Adds what was pressed to what waits already: what the same leg presses further is one. */
export function addPress(presses: HeardPress[], press: HeardPress): void {
  const last = presses.at(-1);
  const isOne = last?.nativeId === press.nativeId && press.heardAt - last.heardAt < ONE_FOR_MS;
  if (isOne) presses[presses.length - 1] = { ...last, digits: last.digits + press.digits };
  else presses.push(press);
}
