import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { SCOPES } from '../../src/model/account.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import type { Context } from '../../src/operations/context.ts';
import { followCalls } from '../../src/operations/follow-calls.ts';

/** All that is looked at where no extension is named. */
const context = { visibility: EVERYTHING, principal: { scopes: SCOPES } } as unknown as Context;

const calls = (count: number) => Array.from({ length: count }, () => uuid());

test('a filter takes a hundred calls, each once', async () => {
  const callIds = calls(100);

  const { request } = await followCalls(context, {
    filter: { callIds: [...callIds, ...callIds.map((id) => id.toUpperCase())] },
  });

  expect(request.filter?.callIds).toEqual(callIds);
});

test('a filter of more calls than a person would follow is refused', async () => {
  const following = followCalls(context, { filter: { callIds: calls(101) } });

  await expect(following).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'A filter takes at most 100 calls.',
  });
});

test('kinds and states that are named again and again are kept once', async () => {
  const { request } = await followCalls(context, {
    filter: { kinds: Array(1000).fill('STATE'), states: Array(1000).fill('HELD') },
  });

  expect(request.filter).toMatchObject({ kinds: ['STATE'], states: ['HELD'] });
});
