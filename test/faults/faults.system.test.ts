import { expect, test } from 'vitest';
import { startNats } from '../support/nats.ts';
import { openGround } from './ground.ts';
import { openNursery } from './nursery.ts';
import { run } from './run.ts';

test('a seed breaks nothing where the Tandems share the feed by NATS', async () => {
  await using nursery = openNursery();
  await using ground = await openGround();
  await using nats = await startNats();

  const { messages, blows, violations } = await run({ ground, nursery, nats }, { seed: 1 });

  expect(violations).toEqual([]);
  expect(blows.join()).toContain('NATS');
  expect(messages).toBeGreaterThan(0);
});
