import { expect, test } from 'vitest';
import { CommandError, wordsOf } from '../../src/cli/fail.ts';

test('what failed first is told before what failed while cleaning up', () => {
  const first = new CommandError('The database is gone.');
  const then = new CommandError('The lock cannot be given back.');

  const words = wordsOf(new SuppressedError(then, first));

  expect(words).toBe('The database is gone.\nThe lock cannot be given back.');
});

test('a bug is told with its stack', () => {
  const bug = new TypeError('x is not a function');

  const words = wordsOf(bug);

  expect(words).toBe(bug.stack);
});
