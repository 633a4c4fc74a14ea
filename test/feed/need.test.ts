import { expect, test } from 'vitest';
import { createNeed } from '../../src/feed/need.ts';

/** At which of these moments, in milliseconds, others have to be woken. */
function needed(moments: readonly number[]): number[] {
  let time = 0;
  const isNeeded = createNeed(() => time);
  return moments.filter((moment) => {
    time = moment;
    return isNeeded();
  });
}

test('a commit after a rest wakes, and one close behind another does not', () => {
  const commits = [0, 5, 24, 43, 64, 70, 300];

  const woken = needed(commits);

  expect(woken).toEqual([0, 64, 300]);
});

test('under a load without rests others are woken twice a second', () => {
  const commits = Array.from({ length: 151 }, (_, index) => index * 10);

  const woken = needed(commits);

  expect(woken).toEqual([0, 500, 1000, 1500]);
});
