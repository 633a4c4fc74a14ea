import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../src/import/lines.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('lines are the same however the bytes are cut', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/[\n\uFEFF]/.test(line))),
      fc.integer({ min: 1, max: 9 }),
      async (lines, size) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));

        const found = await Array.fromAsync(linesOf(chunksOf(bytes, size)));

        expect(found).toEqual(lines);
      },
    ),
  ));

test('a last line needs no end', async () => {
  const found = await Array.fromAsync(linesOf(chunksOf(Buffer.from('a\nb'), 2)));

  expect(found).toEqual(['a', 'b']);
});

test('bytes are counted as they are read', async () => {
  const read: number[] = [];

  await Array.fromAsync(linesOf(chunksOf(Buffer.from('a\nbc\n'), 2), (bytes) => read.push(bytes)));

  expect(read).toEqual([2, 4, 5]);
});

test('a line beyond a megabyte is told, and the others are read', async () => {
  const bytes = Buffer.from(`a\n${'x'.repeat(3 * 1024 * 1024)}\nb\n`);

  const found = await Array.fromAsync(linesOf(chunksOf(bytes, 65536)));

  expect(found).toEqual(['a', { unreadable: 'is longer than 1048576 bytes' }, 'b']);
});

test('a line that is not UTF-8 is told, and the others are read', async () => {
  const bytes = Buffer.from([97, 10, 0xff, 10, 98, 10]);

  const found = await Array.fromAsync(linesOf(chunksOf(bytes, 1)));

  expect(found).toEqual(['a', { unreadable: 'is not UTF-8' }, 'b']);
});
