import { expect, test } from 'vitest';
import { inState, openPbx } from './pbx.ts';

test('a short number of the switch is the extension that NUMBERS makes of it', async () => {
  await using pbx = await openPbx({ NUMBERS: 'pbx=country:RO;extensions:0003*' });

  await pbx.lab.call({ callee: 'uas', until: 'CONNECTED', to: '210' });

  const { dnis, participants } = await pbx.until(inState('CONNECTED'));
  expect(dnis).toBe('210');
  expect(participants.map(({ extension }) => extension?.number ?? null)).toEqual([
    null,
    '0003*210',
  ]);
});
