import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOperationTurns } from '../../src/server/operation-turns.ts';

/** Turns whose operations are over when a test says so, and what was handed on. */
function openTurns() {
  const handed: string[] = [];
  const ends = new Map<string, () => void>();
  const { take } = createOperationTurns(async (message) => {
    const { type, id, query } = JSON.parse(message);
    handed.push([type, id, query].join(' ').trim());
    if (type === 'subscribe') await new Promise<void>((resolve) => ends.set(query, resolve));
  });
  return {
    handed,
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

test('operations of other ids do not wait', () => {
  const { handed, subscribe, complete } = openTurns();
  subscribe('r', 'first');
  complete('r');
  subscribe('r', 'second');

  subscribe('s', 'third');

  expect(handed.at(-1)).toBe('subscribe s third');
});
