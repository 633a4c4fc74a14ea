import { expect, test } from 'vitest';
import type { Log } from '../../src/feed/log.ts';
import { comparePositions, type Position } from '../../src/feed/position.ts';
import { shareReads } from '../../src/feed/shared-reads.ts';
import { at, entry, lookAt } from '../support/sized-entries.ts';

/** A log of entries with so many characters each, and how many it was asked for. */
function logOf(sizes: readonly number[]) {
  const all = sizes.map((size, index) => entry(index + 1, size));
  const asked: number[] = [];
  const log: Pick<Log, 'after'> = {
    after: async (position, most = 1000) => {
      asked.push(most);
      const found = all.filter((one) => comparePositions(one.at, position) > 0).slice(0, most);
      return { ...lookAt(found), head: found.at(-1)?.at ?? position, end: at(all.length) };
    },
  };
  return { asked, log: shareReads(log as Log) }; // nothing else is asked of it
}

/** Reads on from the start to the end. */
async function readAll(log: Log) {
  const reads = [];
  let position: Position = at(0);
  for (;;) {
    const found = await log.after(position);
    if (found.entries.length === 0) return reads;
    reads.push(found);
    position = found.head;
  }
}

const numbers = (length: number) => Array.from({ length }, (_, index) => BigInt(index + 1));

test('of large entries few are given at once, and all one after the other', async () => {
  const { log } = logOf([...Array(150).fill(30_000), 200_000, ...Array(150).fill(10)]);

  const reads = await readAll(log);

  expect(reads.flatMap(({ entries }) => entries.map((one) => one.at.id))).toEqual(numbers(301));
  expect(Math.max(...reads.slice(0, 50).map(({ entries }) => entries.length))).toBe(3);
  expect(reads.at(-1)?.entries.length).toBeGreaterThan(3);
});

test('what is cut off says that it ends with its last entry', async () => {
  const { log } = logOf(Array(10).fill(40_000));

  const found = await log.after(at(0));

  expect(found).toMatchObject({ head: at(2), horizon: 2n, end: at(10) });
  expect(found.entries.map((one) => one.at)).toEqual([at(1), at(2)]);
});

test('no more than twice what readers are given is read for them', async () => {
  const { log, asked } = logOf(Array(150).fill(30_000));

  await readAll(log);

  expect(asked[0]).toBe(100);
  expect(Math.max(...asked.slice(1))).toBeLessThanOrEqual(6);
});

test('of small entries a hundred are given at once', async () => {
  const { log } = logOf(Array(250).fill(10));

  const reads = await readAll(log);

  expect(reads.map(({ entries }) => entries.length)).toEqual([100, 100, 50]);
});
