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

test('a receiver that asks for a longer pause gets it, up to an hour', () => {
  const asked = [0, 30_000, 86_400_000];

  const delays = asked.map((ms) => retryDelay(1, () => 0, ms));

  expect(delays).toEqual([1000, 30_000, 3_600_000]);
});

test('those that were told the same moment do not all come back at it', () => {
  const latest = retryDelay(1, () => 1, 30_000);

  expect(latest).toBe(33_000);
});
