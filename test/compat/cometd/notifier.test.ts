import { expect, test } from 'vitest';
import type { CallData } from '../../../src/compat/genesys/call-documents.ts';
import { CallStream } from '../../../src/compat/genesys/cometd/call-stream.ts';
import { Notifier } from '../../../src/compat/genesys/cometd/notifications.ts';

const USER = '00000000-0000-4000-8000-000000000001';
const VIEWPOINT = { userId: USER, base: 'http://localhost/api/v2' };

type State = CallData['participants'][number]['state'];

/** A call of the user's, who is in this state, with others. */
function callWith(state: State, ...others: string[]): CallData {
  const at = '2026-01-31T12:00:00Z';
  const times = { ringingAt: at, answeredAt: at, leftAt: null };
  const leg = {
    muted: false,
    role: 'CALLEE',
    state: 'CONNECTED',
    extension: null,
    ...times,
  } as const;
  const id = '00000000-0000-4000-8000-000000000002';
  const extension = { id, number: '15001', kind: 'TERMINAL' } as const;
  return {
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
      { ...leg, number: '15001', state, extension: { ...extension, owner: { id: USER } } },
      ...others.map((number) => ({ ...leg, number })),
    ],
  } as CallData;
}

test('a call that comes back to who has left it is told, and nothing of it before', () => {
  const notifier = new Notifier(VIEWPOINT);
  notifier.prime(callWith('CONNECTED', '0722'));
  notifier.changed({ kind: 'STATE', call: callWith('ENDED', '0722') });

  const meanwhile = notifier.changed({ kind: 'PARTICIPANTS', call: callWith('ENDED', '0733') });
  const back = notifier.changed({ kind: 'PARTICIPANTS', call: callWith('RINGING', '0733') });

  expect(meanwhile).toBeNull();
  expect(back).toMatchObject({ notificationType: 'StatusChange', call: { state: 'Ringing' } });
});

test('who comes by a conference is told after the state', () => {
  const notifier = new Notifier(VIEWPOINT);
  notifier.prime(callWith('HELD', '0722'));
  const call = callWith('CONNECTED', '0722', '0733');

  const told = (['STATE', 'PARTICIPANTS', 'PARTICIPANTS'] as const).map((kind) =>
    notifier.changed({ kind, call }),
  );

  expect(told.map((one) => one?.notificationType)).toEqual([
    'StatusChange',
    'ParticipantsUpdated',
    undefined,
  ]);
});

test('a call is told again when something else can be done with it, and in no other state', () => {
  const notifier = new Notifier(VIEWPOINT);
  const able = (state: State): CallData => ({ ...callWith(state, '0722'), capabilities: ['SWAP'] });
  notifier.prime(callWith('HELD', '0722'));

  const told = [callWith('HELD', '0722'), able('CONNECTED'), able('HELD'), able('HELD')].map(
    (call) => notifier.refreshed(call),
  );

  expect(told.map((one) => one?.call.capabilities)).toEqual([
    undefined,
    undefined,
    ['SwapCalls'],
    undefined,
  ]);
});

test('what somebody else in the call makes possible is told as a change of the state, once', () => {
  const notifier = new Notifier(VIEWPOINT);
  notifier.prime(callWith('CONNECTED', '0722'));
  const call: CallData = { ...callWith('CONNECTED', '0722'), capabilities: ['TRANSFER'] };

  const told = (['STATE', 'PARTICIPANTS'] as const).map((kind) => notifier.changed({ kind, call }));

  expect(told).toMatchObject([
    { notificationType: 'StatusChange', call: { capabilities: ['SingleStepTransfer'] } },
    null,
  ]);
});

test('whom a change has something to do with is named, of all that is told together', async () => {
  const [parentId, consultation] = ['4', '5'].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  async function* feed() {
    const call = callWith('CONNECTED', '0722');
    const [about, by] = [
      { ...call, parentId: parentId ?? '' },
      { ...call, consultationIds: [consultation ?? ''] },
    ];
    const changed = { __typename: 'CallChanged', position: 'first', kind: 'STATE' } as const;
    yield { callChanges: { ...changed, call: about } };
    yield {
      callChanges: { ...changed, position: 'second', kind: 'PARTICIPANTS', call: by } as const,
    };
  }
  const stream = await CallStream.open(feed(), VIEWPOINT, 'before');

  const told = await stream.next();

  expect(told).toMatchObject({
    position: 'second',
    related: ['00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000005'],
  });
});

test('who comes back in the midst of the snapshots after a gap is told of the rest', async () => {
  async function* feed() {
    const call = callWith('RINGING', '0722');
    yield { callChanges: { __typename: 'CallSnapshot', position: 'second', call } as const };
  }
  const stream = await CallStream.open(feed(), VIEWPOINT, 'first');

  const told = await stream.next();

  expect(told).toMatchObject({
    position: 'second',
    notification: { notificationType: 'StatusChange', call: { state: 'Ringing' } },
  });
});

test('a call that rings at another telephone of the same user is told, once', () => {
  const notifier = new Notifier(VIEWPOINT);
  const before = callWith('RINGING', '0722');
  notifier.prime(before);
  const [own, other] = before.participants;
  const desk = { ...own?.extension, id: '00000000-0000-4000-8000-000000000004', number: '15002' };
  const moved = { ...own, number: '15002', extension: desk };
  const call = { ...before, participants: [{ ...own, state: 'ENDED' }, other, moved] } as CallData;

  const told = [call, call].map((one) => notifier.changed({ kind: 'PARTICIPANTS', call: one }));

  const deviceUri = `${VIEWPOINT.base}/devices/${desk.id}`;
  expect(told).toMatchObject([{ notificationType: 'StatusChange', call: { deviceUri } }, null]);
});
