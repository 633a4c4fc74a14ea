import { expect, test } from 'vitest';
import type { CallData } from '../../src/compat/genesys/call-documents.ts';
import { callResource } from '../../src/compat/genesys/call-resource.ts';

const AGENT = '00000000-0000-4000-8000-000000000001';
const AT = '2026-01-31T12:00:00Z';

type Part = Partial<CallData['participants'][number]>;

/** A leg that talks. */
const leg = (number: string, more: Part = {}): Part => ({
  ...{ number, role: 'OTHER', state: 'CONNECTED', muted: false, extension: null },
  ...{ ringingAt: AT, answeredAt: AT, leftAt: null },
  ...more,
});

/** One that left so many seconds after the call had begun. */
const left = (seconds: number): Part => ({
  ...{ state: 'ENDED', leftAt: `2026-01-31T12:00:${String(seconds).padStart(2, '0')}Z` },
});

/** One of the agent's own. */
const own = (number: string, kind: 'TERMINAL' | 'QUEUE', more: Part = {}): Part =>
  leg(number, { extension: { id: number, number, kind, owner: { id: AGENT } }, ...more });

/** A call as the agent has it. */
function seen(...participants: Part[]) {
  const call = {
    ...{ id: '00000000-0000-4000-8000-000000000003', state: 'CONNECTED', callType: 'INBOUND' },
    ...{ ani: null, dnis: null, duration: 1, userData: null, recordingState: 'STOPPED' },
    ...{ parentId: null, capabilities: [], identifiers: [], parentIdentifiers: [], participants },
  } as unknown as CallData; // no more of it is looked at
  return callResource(call, { userId: AGENT, base: 'http://localhost/api/v2' });
}

test.each([
  ['who is there', [leg('1'), own('15001', 'TERMINAL'), leg('2')], ['1', '2']],
  ['nobody who has left', [leg('1'), own('15001', 'TERMINAL'), leg('2', left(5))], ['1']],
  ['nobody twice', [leg('1'), own('15001', 'TERMINAL'), leg('1')], ['1']],
  ['never oneself', [leg('1'), own('15001', 'TERMINAL', left(3)), own('15001', 'TERMINAL')], ['1']],
  [
    'who goes on, once one has left',
    [leg('1'), own('15001', 'TERMINAL', left(9)), leg('2')],
    ['1', '2'],
  ],
])('the participants of a call are %s', (_name, legs, numbers) => {
  const call = seen(...legs);

  expect(call?.participants.map(({ phoneNumber }) => phoneNumber)).toEqual(numbers);
});

test.each([
  ['at once', [leg('1', left(9)), own('15001', 'TERMINAL', left(9)), leg('2', left(5))], ['1']],
  [
    'by the agent',
    [leg('1', left(10)), own('15001', 'TERMINAL', left(9)), leg('2', left(5))],
    ['1'],
  ],
  [
    'by the other',
    [leg('1', left(8)), own('15001', 'TERMINAL', left(9)), leg('2', left(5))],
    ['1'],
  ],
  [
    'nobody knows when',
    [leg('1', { state: 'ENDED' }), own('15001', 'TERMINAL', { state: 'ENDED' })],
    ['1'],
  ],
])(
  'the participants of a call that was ended %s are who was there at its end',
  (_name, legs, numbers) => {
    const call = seen(...legs);

    expect(call?.state).toBe('Released');
    expect(call?.participants.map(({ phoneNumber }) => phoneNumber)).toEqual(numbers);
  },
);

test('a call that waits in a queue of the agent is none of its telephones', () => {
  const call = seen(leg('1'), own('15009', 'QUEUE'));

  expect(call).toBeNull();
});

test('a call that has gone through a queue to a telephone is that telephone’s', () => {
  const call = seen(
    leg('1'),
    own('15009', 'QUEUE'),
    own('15001', 'TERMINAL', { state: 'RINGING' }),
  );

  expect(call).toMatchObject({
    state: 'Ringing',
    deviceUri: 'http://localhost/api/v2/devices/15001',
  });
});
