import { expect, test } from 'vitest';
import type { Execute } from '../../src/compat/dialect.ts';
import { type Choice, choiceIn, chosenCalls } from '../../src/compat/voipnow/chosen-calls.ts';

const OUTSIDE = '0722000111';

const leg = (owner: string, state = 'CONNECTED') => ({
  ...{ sequence: '00', role: 'CALLEE', state, number: OUTSIDE, parkedBy: null },
  extension: { number: '0003*210', shortNumber: '210', owner: { number: owner } },
});
const call = (id: string, ...participants: object[]) => ({
  ...{ id, state: 'CONNECTED', offeredAt: '2026-01-01T00:00:00Z', identifiers: [], participants },
});

/** An organization, number 1, with these calls below it, the newest first; user 2 has some of them. */
const having = (calls: readonly ReturnType<typeof call>[]) =>
  (async (_document: unknown, { owner }: { owner?: string }) => {
    const isIts = (one: object) => owner === '@me' || JSON.stringify(one).includes(`"${owner}"`);
    const nodes = calls.filter(isIts);
    const pageInfo = {
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: 'a',
      endCursor: 'b',
    };
    const viewer = { number: '1', accountType: 'ORGANIZATION' };
    return owner === undefined
      ? { viewer }
      : { calls: { totalCount: nodes.length, nodes, pageInfo } };
  }) as Execute;

const choice = (query: string): Choice => choiceIn(new URLSearchParams(query)) ?? expect.fail();
const BELOW = { userId: '@me', extension: '@self', callId: undefined, phoneNumber: null };

test('a page is cut out of what its list shows, not out of what is one’s own', async () => {
  const execute = having([call('own', leg('1')), call('theirs', leg('2'))]);

  const ids = await chosenCalls(execute, BELOW, choice('count=1'));

  expect(ids).toEqual(['theirs']);
});

test('a call that a number has left takes no place in the page of those with it', async () => {
  const left = call('left', leg('1', 'ENDED'), { ...leg('1'), number: '0722000222' });
  const execute = having([call('there', leg('1')), left]);

  const ids = await chosenCalls(execute, { ...BELOW, phoneNumber: OUTSIDE }, choice('count=1'));

  expect(ids).toEqual(['there']);
});
