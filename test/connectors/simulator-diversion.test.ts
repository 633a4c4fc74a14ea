import { expect, test } from 'vitest';
import type { Diverted } from '../../src/connectors/connector.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createManualClock } from './manual-clock.ts';

const FREE: Diverted = { doNotDisturb: false, forwardTo: null };

/** A call from 210 to 211, a while after 211 was to ring. */
async function called(diversionOf: () => Promise<Diverted | null>, toExtension = true) {
  const clock = createManualClock();
  const exchange = createExchange({ clock });
  exchange.telephones.diversionOf = diversionOf;
  const ref = exchange.offer({ organizationId: null, from: '210', to: '211', toExtension });
  await clock.advance(500);
  return exchange.list().calls.find(({ nativeId }) => nativeId === ref.nativeId);
}

test('a call goes to another number, and the telephone never rings', async () => {
  const forwardTo = { to: '0722000111', toExtension: false };

  const call = await called(async () => ({ doNotDisturb: true, forwardTo }));

  expect(call).toMatchObject({
    state: 'RINGING',
    parties: [
      { number: '210', state: 'DIALING' },
      { number: '211', state: 'ENDED', ringingAt: null },
      { number: '0722000111', state: 'RINGING', role: 'CALLEE' },
    ],
  });
});

test('a call that is not to disturb is over', async () => {
  const call = await called(async () => ({ ...FREE, doNotDisturb: true }));

  expect(call).toBeUndefined();
});

test.each([
  ['nothing was said', async () => null],
  ['nothing is wanted', async () => FREE],
  ['it cannot be known', () => Promise.reject(new Error('away'))],
  [
    'the caller would call himself',
    async () => ({ ...FREE, forwardTo: { to: '210', toExtension: true } }),
  ],
])('a telephone rings when %s', async (_name, diversionOf) => {
  const call = await called(diversionOf);

  expect(call?.parties.map(({ state }) => state)).toEqual(['DIALING', 'RINGING']);
});

test('nobody is asked about an outside number', async () => {
  const call = await called(async () => expect.fail(), false);

  expect(call?.state).toBe('RINGING');
});
