import { expect, test } from 'vitest';
import { pause } from '../../src/connectors/waiting.ts';
import { standAgain } from '../../src/fleet/stand-again.ts';
import { createManualClock } from '../connectors/manual-clock.ts';

/** Attempts that last so many seconds each, and what was said of their ends in those and the pauses between. */
async function attempts(...seconds: readonly number[]) {
  const clock = createManualClock();
  const stop = new AbortController();
  const said: unknown[] = [];
  const left = [...seconds];
  const attend = async () => {
    const next = left.shift();
    if (next === undefined) stop.abort();
    else await pause(clock, next * 1000, stop.signal);
    throw new Error('the database is away');
  };
  const onError = (error: unknown) => said.push(error);
  const standing = standAgain({ clock, stop: stop.signal, onError }, attend);
  while (!stop.signal.aborted) await clock.advance(1000);
  await standing;
  return said;
}

test('a fault that comes back with each attempt is said once', async () => {
  const said = await attempts(1, 5, 1);

  expect(said).toHaveLength(1);
});

test('a fault that comes back after it went well for long is said again', async () => {
  const said = await attempts(1, 3600, 1);

  expect(said).toHaveLength(2);
});
