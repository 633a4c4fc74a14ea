import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOperationTurns } from '../../src/server/operation-turns.ts';

/** Turns whose operations are over when a test says so, and what was handed on. */
function openTurns() {
  const handed: string[] = [];
  const ends = new Map<string, () => void>();
  const { take, leave, isRefused } = createOperationTurns(async (message) => {
    const { type, id, query = '' } = JSON.parse(message);
    handed.push([type, id, query.slice(0, 10)].join(' ').trim());
    if (type === 'subscribe') await new Promise<void>((resolve) => ends.set(query, resolve));
  });
  return {
    ...{ handed, leave, isRefused },
    subscribe: (id: string, query: string) =>
      take(JSON.stringify({ type: 'subscribe', id, query })),
    complete: (id: string) => take(JSON.stringify({ type: 'complete', id })),
    end: async (query: string) => {
      ends.get(query)?.();
      await nextTurn();
    },
  };
}

test('an operation begins when the one before it, which was left, is over', async () => {
  const { handed, subscribe, complete, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'second');
  const before = [...handed];

  await end('first');

  expect(before).toEqual(['subscribe r first', 'complete r']);
  expect(handed).toEqual([...before, 'subscribe r second']);
});

test('of those that were left before their turn none begins', async () => {
  const { handed, subscribe, complete, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  for (const query of ['second', 'third']) {
    subscribe('r', query);
    complete('r');
  }
  subscribe('r', 'fourth');

  await end('first');

  expect(handed).toEqual(['subscribe r first', 'complete r', 'subscribe r fourth']);
});

test('an operation that has waited is left as any other', async () => {
  const { handed, subscribe, complete, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'second');
  await end('first');

  complete('r');

  expect(handed.slice(2)).toEqual(['subscribe r second', 'complete r']);
});

test('an id that is taken while its operation waits is handed on right behind it', async () => {
  const { handed, subscribe, complete, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  for (const query of ['second', 'third', 'fourth']) subscribe('r', query);

  await end('first');

  expect(handed.slice(2)).toEqual(['subscribe r second', 'subscribe r fourth']);
});

test('an id that the server has ended is used again when its operation is over', async () => {
  const { handed, subscribe, leave, end } = openTurns();
  subscribe('r', 'first');
  leave('r');
  subscribe('r', 'second');
  const before = [...handed];

  await end('first');

  expect(before).toEqual(['subscribe r first']);
  expect(handed).toEqual([...before, 'subscribe r second']);
});

test('the end of an operation that was left is not that of the one that waits', async () => {
  const { handed, subscribe, complete, leave, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'second');
  leave('r');

  subscribe('r', 'third');
  await end('first');

  expect(handed.slice(2)).toEqual(['subscribe r second', 'subscribe r third']);
});

test('operations of other ids do not wait', () => {
  const { handed, subscribe, complete } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'second');

  subscribe('s', 'third');

  expect(handed.at(-1)).toBe('subscribe s third');
});

const MB = 1_000_000;

test('what comes when those under way hold too much is refused, and nothing of it kept', () => {
  const { handed, isRefused, subscribe } = openTurns();
  for (const id of ['a', 'b', 'c']) subscribe(id, id.repeat(MB));

  subscribe('d', 'd'.repeat(MB));

  expect(['a', 'b', 'c', 'd'].map(isRefused)).toEqual([false, false, false, true]);
  expect(handed.slice(2)).toEqual([`subscribe c ${'c'.repeat(10)}`, 'subscribe d']);
});

test('there is room again when one of them is over', async () => {
  const { handed, isRefused, subscribe, end } = openTurns();
  for (const id of ['a', 'b', 'c']) subscribe(id, id.repeat(MB));
  await end('a'.repeat(MB));

  subscribe('d', 'short');

  expect(isRefused('d')).toBe(false);
  expect(handed.at(-1)).toBe('subscribe d short');
});

test('what waits counts, too, until it is left', async () => {
  const { handed, isRefused, subscribe, complete, end } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'x'.repeat(MB));
  subscribe('r', 'x'.repeat(2 * MB));
  subscribe('s', 'second');

  complete('r');
  subscribe('r', 'third');
  await end('first');

  expect([isRefused('s'), isRefused('r')]).toEqual([true, false]);
  expect(handed.slice(2)).toEqual(['subscribe s', 'subscribe r third']);
});

test('short ones are bounded by their number', () => {
  const { isRefused, subscribe } = openTurns();

  for (let n = 0; n < 1100; n += 1) subscribe(`${n}`, `${n}`);

  expect([isRefused('1000'), isRefused('1050')]).toEqual([false, true]);
});

test('an id that is too long is not taken', () => {
  const { handed, subscribe } = openTurns();

  const taken = [subscribe('i'.repeat(256), 'first'), subscribe('i'.repeat(257), 'second')];

  expect(taken).toEqual([true, false]);
  expect(handed).toHaveLength(1);
});
