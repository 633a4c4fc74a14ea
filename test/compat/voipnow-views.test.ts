import { expect, test } from 'vitest';
import {
  type CallParty,
  type CallWithParties,
  viewsOf,
} from '../../src/compat/voipnow/call-views.ts';

const CUSTOMER = '0722000111';
const callbackExtension = { number: '0003*270', kind: 'CALLBACK' as const };

const party = (sequence: string, role: CallParty['role'], number: string): CallParty => ({
  ...{ sequence, role, number, name: null, state: 'CONNECTED', extension: null },
  ...{ ringingAt: null, answeredAt: null, heldAt: null, leftAt: null, disposition: null },
  ...{ parkedAt: null, parkedPosition: null, parkedBy: null },
});
const callOf = (...participants: readonly CallParty[]): CallWithParties => ({
  ...{ state: 'CONNECTED', direction: 'OUTBOUND', ani: null, dnis: null, recordingSince: null },
  offeredAt: '2026-11-22T00:12:00.000Z',
  participants,
});

test('who was called back is seen by his own number, and not by that of the callback extension', () => {
  const caller = { ...party('00', 'CALLER', CUSTOMER), extension: callbackExtension };

  const [view] = viewsOf(callOf(caller, party('01', 'CALLEE', '0722000222')));

  expect(view).toMatchObject({ extension: CUSTOMER, source: [CUSTOMER], callerId: CUSTOMER });
});

test('who listens has a view, and is nobody’s destination', () => {
  const talking = [party('00', 'CALLER', CUSTOMER), party('01', 'CALLEE', '210')];

  const views = viewsOf(callOf(...talking, party('02', 'LISTENER', '220')));

  expect(views.map(({ extension, destination }) => [extension, destination])).toEqual([
    [CUSTOMER, ['210']],
    ['210', ['210']],
    ['220', ['210']],
  ]);
});

test('every party of a call that is recorded says since when', () => {
  const recordingSince = '2026-11-22T00:12:26.123Z';
  const call = callOf(party('00', 'CALLER', CUSTOMER), party('01', 'CALLEE', '210'));

  const views = viewsOf({ ...call, recordingSince });

  expect(views.map(({ recording }) => recording)).toEqual([
    '2026-11-22T00:12:26Z',
    '2026-11-22T00:12:26Z',
  ]);
});

test('who gets back a call that he has made and parked is called by whoever waited there', () => {
  const leftAt = '2026-11-22T00:13:00.000Z';
  const legs = [
    { ...party('00', 'CALLER', '210'), state: 'ENDED' as const, leftAt },
    { ...party('01', 'CALLEE', CUSTOMER), name: 'John Doe' },
    { ...party('02', 'OTHER', '210'), ringingAt: '2026-11-22T00:14:00.000Z' },
  ];

  const [waiting, back] = viewsOf(callOf(...legs));

  const callerId = `John Doe <${CUSTOMER}>`;
  expect(back).toMatchObject({ source: [CUSTOMER], destination: ['210'], callerId });
  expect(waiting).toMatchObject({ source: ['210'], destination: [CUSTOMER, '210'] });
});
