import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ground, openGround } from '../../faults/ground.ts';
import { type Nursery, openNursery } from '../../faults/nursery.ts';
import { playFirings } from './play.ts';

let stack: AsyncDisposableStack;
let nursery: Nursery;
let ground: Ground;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  nursery = stack.use(openNursery());
  ground = stack.use(await openGround());
});
afterAll(() => stack.disposeAsync());

test('of 300 firings none is lost or out of order, whoever dies meanwhile', async () => {
  const outcome = await playFirings({ ground, nursery, calls: 100, seed: 1 });

  expect(outcome.violations).toEqual([]);
  expect(outcome.firings).toBe(300);
  expect(outcome.repeats).toBeGreaterThan(0);
});
