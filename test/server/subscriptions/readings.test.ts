import { expect, test } from 'vitest';
import { createReadings, type Reading } from '../../../src/server/subscriptions/readings.ts';

const A_SECOND = 1000;

/** Readings whose time stands still until it is moved, and one of them that is under way. */
function scene() {
  const time = { now: 1 };
  const readings = createReadings({ now: () => time.now });
  const { promise, resolve, reject } = Promise.withResolvers<Reading>();
  const first = readings.share('change 1', promise);
  return { time, readings, first, resolve, reject };
}

test('whoever asks for what is being read gets that', async () => {
  const { readings, first, resolve } = scene();

  const [same, other] = [readings.get('change 1'), readings.get('change 2')];
  resolve({ text: 'all', isWhole: true });

  expect(same).toBe(first);
  expect(other).toBeUndefined();
  expect(await same).toBe('all');
});

test('what was read is given for a second, and then read again', async () => {
  const { time, readings, first, resolve } = scene();
  resolve({ text: 'all', isWhole: true });
  await first;

  time.now = A_SECOND;
  const soon = await readings.get('change 1');
  time.now = A_SECOND + 2;
  const late = readings.get('change 1');

  expect(soon).toBe('all');
  expect(late).toBeUndefined();
});

test('what could not be read whole is read again by whoever comes after', async () => {
  const { readings, first, resolve } = scene();

  resolve({ text: 'errors', isWhole: false });

  expect(await first).toBe('errors');
  expect(readings.get('change 1')).toBeUndefined();
});

test('a reading that fails does so for those who wait, and for nobody after them', async () => {
  const { readings, first, reject } = scene();

  reject(new Error('away'));

  await expect(first).rejects.toThrow('away');
  expect(readings.get('change 1')).toBeUndefined();
});

test('a reading that hangs does not hold up whoever comes five seconds later', () => {
  const { time, readings } = scene();

  time.now = 5 * A_SECOND + 2;

  expect(readings.get('change 1')).toBeUndefined();
});
