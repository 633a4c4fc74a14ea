import { expect, test } from 'vitest';
import { tellUnrouted } from '../../src/operations/tell-unrouted.ts';
import { createManualClock } from '../connectors/manual-clock.ts';
import { callNamed } from '../connectors/scripted-switch.ts';

function lab() {
  const lines: object[] = [];
  const clock = createManualClock();
  const unrouted = tellUnrouted('pbx', { warn: (facts) => void lines.push(facts) }, clock);
  return { lines, clock, unrouted, tell: unrouted.tell };
}

const first = { connector: 'pbx', calls: 1, nativeId: 'a' };

test('the first call that is not recorded is told of at once, and the others of a minute together', async () => {
  const { lines, clock, tell } = lab();
  for (const name of ['a', 'b', 'c']) tell(callNamed(name), 'UNROUTED');
  tell(callNamed('d'), 'AMBIGUOUS');

  await clock.advance(60_000);

  expect(lines).toEqual([
    first,
    { connector: 'pbx', calls: 2, nativeId: 'c' },
    { connector: 'pbx', calls: 1, nativeId: 'd' },
  ]);
});

test('when it begins anew after a minute without any, that is told at once again', async () => {
  const { lines, clock, tell } = lab();
  tell(callNamed('a'), 'UNROUTED');
  await clock.advance(60_000);

  tell(callNamed('a'), 'UNROUTED');

  expect(lines).toEqual([first, first]);
});

test('what is not told when it is over is told then, and nothing after it', async () => {
  const { lines, clock, unrouted, tell } = lab();
  for (const name of ['a', 'b', 'c']) tell(callNamed(name), 'UNROUTED');

  unrouted[Symbol.dispose]();

  const rest = { connector: 'pbx', calls: 2, nativeId: 'c' };
  expect(lines).toEqual([first, rest]);
  await clock.advance(60_000);
  expect(lines).toEqual([first, rest]);
});
