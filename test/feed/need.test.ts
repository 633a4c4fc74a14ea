import { expect, test } from 'vitest';
import { createNeed } from '../../src/feed/need.ts';

interface Moment {
  /** In milliseconds. */
  readonly at: number;
  readonly newsAge: number;
}

/** At which of these moments others have to be woken. */
function needed(moments: readonly Moment[]): number[] {
  let moment: Moment = { at: 0, newsAge: 0 };
  const isNeeded = createNeed(
    () => moment.newsAge,
    () => moment.at,
  );
  const woken: number[] = [];
  for (moment of moments) if (isNeeded()) woken.push(moment.at);
  return woken;
}

const steady = (count: number, newsAge: number) =>
  Array.from({ length: count }, (_, index) => ({ at: index * 10, newsAge }));

test('a commit after a rest wakes, and one close behind another does not', () => {
  const commits = [0, 5, 24, 43, 64, 70, 300].map((at) => ({ at, newsAge: 1 }));

  const woken = needed(commits);

  expect(woken).toEqual([0, 64, 300]);
});

test('under a load without rests others are woken twice a second', () => {
  const commits = steady(151, 1);

  const woken = needed(commits);

  expect(woken).toEqual([0, 500, 1000, 1500]);
});

test('commands that change nothing, however many, keep nobody from being woken', () => {
  const refused = steady(5, 400);

  const woken = needed(refused);

  expect(woken).toEqual([0, 10, 20, 30, 40]);
});
