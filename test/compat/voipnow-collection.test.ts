import { expect, test } from 'vitest';
import { toLegacy } from '../../src/compat/legacy-request.ts';
import { collection } from '../../src/compat/voipnow/collection.ts';

/** Where the page before this one begins; null when there is none. */
async function prevOf(paging: { startIndex: number; count: number }, total: number) {
  const request = await toLegacy(new Request('http://localhost/uapi/phoneCalls/@me/@self'));
  const asked = { ...paging, fields: null, filter: null, descending: false };
  const { links } = await collection(request, asked, { entries: [], total }).json();
  return links.prev ? Number(new URL(links.prev).searchParams.get('startIndex')) : null;
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
  const found = await prevOf(paging, total);

  expect(found).toBe(prev);
});
