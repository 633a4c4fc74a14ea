import { expect, test } from 'vitest';
import { LARGEST_PAGE } from '../../src/graphql/page-args.ts';
import type { EventShape, ExtensionShape } from '../../src/model/shape.ts';
import type { Executor } from '../../src/store/database.ts';
import { readCalls, readExtensions } from '../../src/store/queries/read.ts';

const ALL = { organizationId: null, ownerId: null };

/** Whether what is read is asked for as a small statement. */
async function isSmall(read: (on: Executor) => Promise<unknown>) {
  const asked: unknown[] = [];
  await read({
    rows: async (statement) => {
      asked.push('isSmall' in statement && statement.isSmall);
      return [];
    },
  });
  return asked;
}

const page = (limit = 50) => ({ limit, backward: false, after: null, before: null });
const rules = (shape: EventShape, limit?: number, total = false): ExtensionShape => ({
  pages: { rules: { of: 'events', filter: { type: null }, shape, page: page(limit), total } },
});
const calls: ExtensionShape = {
  pages: { calls: { of: 'calls', filter: {}, shape: {}, page: page(), total: false } },
};
const deliveries: EventShape = {
  pages: { fired: { of: 'deliveries', filter: { states: null }, page: page(), total: false } },
};

test.each([
  ['nothing', {}, true],
  ['a few rules', rules({ extension: {} }), true],
  ['more rules', rules({}, LARGEST_PAGE), false],
  ['rules that are counted', rules({}, 50, true), false],
  ['firings of rules', rules(deliveries), false],
  ['calls of the extension of a rule', rules({ extension: calls }), false],
  ['calls', calls, false],
])('an extension and a call with %s below it - small: %s', async (_, extension, small) => {
  const participants = { extension };

  const found = await isSmall(async (on) => {
    await readExtensions(on, '210', extension, ALL);
    await readCalls(on, ['01a'], { participants }, ALL);
  });

  expect(found).toEqual([small, small]);
});

test('several calls are no small statement', async () => {
  const found = await isSmall((on) => readCalls(on, ['01a', '01b'], {}, ALL));

  expect(found).toEqual([false]);
});
