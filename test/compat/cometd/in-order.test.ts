import { expect, test } from 'vitest';
import { inOrder } from '../../../src/compat/genesys/cometd/in-order.ts';

test('what becomes news while something is told comes after it, together', async () => {
  const told: boolean[] = [];
  const gate = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const tell = inOrder(async ({ hasState }) => {
    if (told.length === 0) await gate.promise;
    told.push(hasState);
    if (told.length === 2) end.resolve();
  });
  for (const hasState of [false, true, false]) tell({ hasState });

  gate.resolve();

  await end.promise;
  tell({ hasState: false });
  await Promise.resolve();
  expect(told).toEqual([false, true, false]);
});
