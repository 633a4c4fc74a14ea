import { expect, test } from 'vitest';
import { toLegacy } from '../../src/compat/legacy-request.ts';
import { collection } from '../../src/compat/voipnow/collection.ts';

/** A link's number; null where there is none. */
const numberIn = (link: string | undefined, name: string) =>
  link === undefined ? null : Number(new URL(link).searchParams.get(name));

/** The links of a list's page. */
async function linksOf(paging: { startIndex: number; count: number }, total: number) {
  const request = await toLegacy(new Request('http://localhost/uapi/phoneCalls/@me/@self'));
  const asked = { ...paging, fields: null, filter: null, descending: false };
  const { links } = await collection(request, asked, { entries: [], total }).json();
  return links;
}

/** Where the page before this one, or after it, begins; null when there is none. */
async function startOf(
  side: 'prev' | 'next',
  paging: { startIndex: number; count: number },
  total: number,
) {
  return numberIn((await linksOf(paging, total))[side], 'startIndex');
}

test.each([
  ['the first page', { startIndex: 0, count: 20 }, 45, null],
  ['the second', { startIndex: 20, count: 20 }, 45, 0],
  ['one that begins between two', { startIndex: 25, count: 20 }, 45, 5],
  ['the first beyond the end', { startIndex: 60, count: 20 }, 45, 40],
  ['one far beyond the end', { startIndex: 4000, count: 20 }, 45, 40],
  ['one beyond a full page', { startIndex: 4000, count: 20 }, 40, 20],
  ['one of a list of nothing', { startIndex: 4000, count: 20 }, 0, null],
])('before %s lies the page that has entries', async (_, paging, total, prev) => {
  const found = await startOf('prev', paging, total);

  expect(found).toBe(prev);
});

test.each([
  ['the last page', { startIndex: 40, count: 20 }, 45, null],
  ['the one before', { startIndex: 20, count: 20 }, 45, 40],
  ['the last but one that may be asked for', { startIndex: 1, count: 4999 }, 20_000, 5000],
  ['the last one that may be asked for', { startIndex: 1, count: 5000 }, 20_000, null],
])('after %s lies a page that is answered, or none', async (_, paging, total, next) => {
  const found = await startOf('next', paging, total);

  expect(found).toBe(next);
});

test.each([
  ['begins within the first', { startIndex: 5, count: 20 }, 5],
  ['begins where another ends', { startIndex: 20, count: 20 }, 20],
  ['is beyond the end', { startIndex: 60, count: 20 }, 20],
])('the page before one that %s has none of its entries', async (_, paging, count) => {
  const { prev } = await linksOf(paging, 45);

  expect(numberIn(prev, 'count')).toBe(count);
});
