import { expect, test } from 'vitest';
import { retryDelay } from '../../src/webhooks/retry-delay.ts';

test('pauses double from a second to an hour', () => {
  const failures = [1, 2, 3, 12, 13, 1000];

  const delays = failures.map((count) => retryDelay(count, () => 0));

  expect(delays).toEqual([1000, 2000, 4000, 2_048_000, 3_600_000, 3_600_000]);
});

test('chance takes up to a half of a pause away', () => {
  const least = retryDelay(3, () => 1);

  expect(least).toBe(2000);
});
