import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ground, openGround } from './ground.ts';
import { type Nursery, openNursery } from './nursery.ts';
import { FEED_FAULTS } from './planted/feeds.ts';
import { LOG_FAULTS } from './planted/logs.ts';
import { type RunOptions, run } from './run.ts';

const SEEDS = [1, 2, 3];
/** What a planted fault loses never comes; with it, a few seeds must do. */
const SHORT_PATIENCE_MS = 2500;
const MOST_SEEDS = 25;
/** Room for all these seeds, each of which ends by itself, on a busy machine. */
const LONGEST_MS = 600_000;

let ground: Ground;
let nursery: Nursery;
const play = (options: RunOptions) => run({ ground, nursery, nats: null }, options);

beforeAll(async () => {
  nursery = openNursery();
  ground = await openGround();
});
afterAll(async () => {
  await nursery[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

test.for(SEEDS)('seed %i breaks nothing', async (seed) => {
  const { messages, violations } = await play({ seed });

  expect(violations).toEqual([]);
  expect(messages).toBeGreaterThan(0);
});

test.for(Object.entries({ ...LOG_FAULTS, ...FEED_FAULTS }))(
  'the checker catches %s',
  { timeout: LONGEST_MS },
  async ([planted, { shows, seed }]) => {
    const shown: string[] = [];
    for (let tried = 0; tried < MOST_SEEDS && !shown.includes(shows); tried += 1) {
      const { violations } = await play({
        ...{ seed: seed + tried, planted, patienceMs: SHORT_PATIENCE_MS },
      });
      shown.push(...violations.map(({ fault }) => fault));
    }

    expect(shown).toContain(shows);
  },
);
