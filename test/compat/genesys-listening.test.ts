import { expect, test } from 'vitest';
import type { CallData } from '../../src/compat/genesys/call-documents.ts';
import { callResource } from '../../src/compat/genesys/call-resource.ts';

const [AGENT, SUPERVISOR] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
];
const AT = '2026-01-31T12:00:00Z';

const leg = (number: string, role: string, owner: string | null) => ({
  ...{
    number,
    role,
    state: 'CONNECTED',
    muted: false,
    ringingAt: AT,
    answeredAt: AT,
    leftAt: null,
  },
  extension: owner === null ? null : { id: owner, number, kind: 'TERMINAL', owner: { id: owner } },
});

/** A call of an agent's to which a supervisor listens, as one of them has it. */
function seenBy(userId: string) {
  const call = {
    ...{ id: '00000000-0000-4000-8000-000000000003', state: 'CONNECTED', callType: 'INBOUND' },
    ...{ ani: null, dnis: null, duration: 1, userData: null, recordingState: 'STOPPED' },
    ...{
      parentId: null,
      consultationIds: [],
      capabilities: [],
      identifiers: [],
      parentIdentifiers: [],
    },
    participants: [
      leg('0722', 'CALLER', null),
      leg('15001', 'CALLEE', AGENT),
      leg('15002', 'LISTENER', SUPERVISOR),
    ],
  } as CallData; // no more of it is looked at
  return callResource(call, { userId, base: 'http://localhost/api/v2' });
}

test('an agent to whose call somebody listens is told so, and of no other participant', () => {
  const call = seenBy(AGENT);

  expect(call).toMatchObject({ supervisorListeningIn: true, monitoring: false });
  expect(call?.participants.map(({ digits }) => digits)).toEqual(['0722']);
});

test('who listens has the call as one that is monitored, with all who talk', () => {
  const call = seenBy(SUPERVISOR);

  expect(call).toMatchObject({ supervisorListeningIn: false, monitoring: true });
  expect(call?.participants.map(({ digits }) => digits)).toEqual(['0722', '15001']);
});
