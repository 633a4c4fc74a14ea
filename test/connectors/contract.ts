import { describe, expect, type TestContext, test } from 'vitest';
import type {
  CallRef,
  Capability,
  PlaceRequest,
  SwitchCall,
  SwitchConnector,
  SwitchLink,
  SwitchParty,
} from '../../src/connectors/connector.ts';
import { type CallRecorder, createCallRecorder } from './call-recorder.ts';

/** A switch to test a connector against, and the hands that do what people do there. */
export interface ContractSwitch extends AsyncDisposable {
  readonly connector: SwitchConnector;
  /** A call that the switch can place. */
  readonly placeable: PlaceRequest;
  /** Makes a call that rings at its callee and is not answered while the test runs. */
  ringing(): Promise<CallRef>;
  /** Makes a call between two parties who talk. */
  connected(): Promise<CallRef>;
  /** Makes a call in which two legs have the same number; absent where a switch cannot have one. */
  twoAlike?(): Promise<{ readonly ref: CallRef; readonly number: string }>;
  /** Breaks the link; the calls go on. */
  cut(): Promise<void>;
  /** Starts the switch anew: its calls are gone. */
  restart(): Promise<void>;
}

interface Scene extends AsyncDisposable {
  readonly lab: ContractSwitch;
  readonly link: SwitchLink;
  readonly events: CallRecorder;
}

type SetUp = () => Promise<ContractSwitch>;

/** What every connector must do, whatever its switch. */
export function connectorContract(name: string, setUp: SetUp): void {
  describe(`the connector to ${name}`, () => {
    describe('tells', () => testTelling(setUp));
    describe('ends calls', () => testHangup(setUp));
    describe('commands calls', () => testCommands(setUp));
    describe('loses its link', () => testLinks(setUp));
  });
}

function testTelling(setUp: SetUp): void {
  test('sends the whole state with each event', async () => {
    await using scene = await begin(setUp);

    const ref = await scene.lab.connected();

    const call = await scene.events.until(ref, isIn('CONNECTED'));
    const rest = { offeredAt: expect.any(String), answeredAt: expect.any(String) };
    expect(call).toMatchObject({ ...ref, ...rest, endedAt: null, end: null });
    expect(call.parties.map(({ role }) => role).slice(0, 2)).toEqual(['CALLER', 'CALLEE']);
  });

  test('lists what lives, as the events have it', async () => {
    await using scene = await begin(setUp);
    const ref = await scene.lab.ringing();
    const told = await scene.events.until(ref, isIn('RINGING'));

    const live = await scene.link.list();

    expect(live).toEqual({ epoch: ref.epoch, calls: [told] });
  });

  test('lists no call that has ended', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const ref = await endedCall(scene);

    const live = await scene.link.list();

    expect(live).toEqual({ epoch: ref.epoch, calls: [] });
  });
}

function testHangup(setUp: SetUp): void {
  test('ends an answered call as ANSWERED by the operator', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const ref = await scene.lab.connected();

    const outcome = await scene.link.hangup(ref);

    expect(outcome).toBe('ACCEPTED');
    const call = await scene.events.until(ref, isIn('ENDED'));
    expect(call.end).toEqual({ disposition: 'ANSWERED', by: 'OPERATOR', q850Cause: 16 });
    expect(call.parties.map(({ state }) => state)).toEqual(['ENDED', 'ENDED']);
  });

  test('ends a ringing call as CANCELLED', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const ref = await scene.lab.ringing();

    await scene.link.hangup(ref);

    const call = await scene.events.until(ref, isIn('ENDED'));
    expect(call.end).toMatchObject({ disposition: 'CANCELLED', by: 'OPERATOR' });
  });

  test('says when a call has ended already', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const ref = await endedCall(scene);

    const outcome = await scene.link.hangup(ref);

    expect(outcome).toBe('ALREADY_ENDED');
  });

  test('knows no call of another run', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const ref = await scene.lab.connected();

    const outcome = scene.link.hangup({ ...ref, epoch: 'another' });

    await expect(outcome).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
  });

  test('knows no call that never was', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP' });
    const { epoch } = await scene.link.list();

    const outcome = scene.link.hangup({ epoch, nativeId: 'never-was' });

    await expect(outcome).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
  });

  test('ends a call of two with the leg of one', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP_PARTY' });
    const ref = await scene.lab.connected();
    const { number } = await calleeOf(scene, ref);

    const outcome = await scene.link.hangupParty(ref, { number: number ?? '' });

    expect(outcome).toBe('ACCEPTED');
    const call = await scene.events.until(ref, isIn('ENDED'));
    expect(call.end).toMatchObject({ disposition: 'ANSWERED', by: 'OPERATOR' });
  });

  test('finds no leg that the call does not have', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP_PARTY' });
    const ref = await scene.lab.connected();

    const outcome = scene.link.hangupParty(ref, { number: '999999' });

    await expect(outcome).rejects.toMatchObject({ code: 'PARTY_NOT_FOUND' });
  });

  test('never guesses between two legs with one number', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HANGUP_PARTY' });
    const twins = await scene.lab.twoAlike?.();
    if (!twins) return context.skip('the switch has no such calls');

    const outcome = scene.link.hangupParty(twins.ref, { number: twins.number });

    await expect(outcome).rejects.toMatchObject({ code: 'AMBIGUOUS_PARTY' });
  });
}

function testCommands(setUp: SetUp): void {
  test('places a call, the caller first', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'PLACE' });
    const request = { ...scene.lab.placeable, userData: { crm: '42' } };

    const ref = await scene.link.place(request);

    const { from, to, organizationId, userData } = request;
    const call = await scene.events.until(ref);
    expect(call).toMatchObject({ ani: from, dnis: to, organizationId, userData });
    expect(call.parties.map(({ number }) => number)).toEqual([from, to]);
  });

  test('answers a ringing leg', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'ANSWER' });
    const ref = await scene.lab.ringing();
    const callee = await calleeOf(scene, ref);

    const outcome = await scene.link.answer(ref, { nativeId: callee.nativeId });

    expect(outcome).toBe('ACCEPTED');
    const call = await scene.events.until(ref, isIn('CONNECTED'));
    expect(call.parties.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED']);
  });

  test('answers no leg that talks already', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'ANSWER' });
    const ref = await scene.lab.connected();
    const callee = await calleeOf(scene, ref);

    const outcome = scene.link.answer(ref, { nativeId: callee.nativeId });

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('merges user data, and null deletes', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'USER_DATA' });
    const ref = await scene.lab.connected();
    await scene.link.patchUserData(ref, { kept: 1, dropped: 'x' });

    const data = await scene.link.patchUserData(ref, { dropped: null, added: { deep: [null] } });

    expect(data).toEqual({ kept: 1, added: { deep: [null] } });
    await scene.events.until(
      ref,
      ({ userData }) => 'added' in userData && !('dropped' in userData),
    );
  });

  test('patches no user data of a call that has ended', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'USER_DATA' });
    const ref = await endedCall(scene);

    const data = scene.link.patchUserData(ref, { a: 1 });

    await expect(data).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('sends DTMF into a connected call', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'SEND_DTMF' });
    const ref = await scene.lab.connected();

    const outcome = await scene.link.sendDtmf(ref, '12*#AD');

    expect(outcome).toBe('ACCEPTED');
  });

  test('sends nothing that is no DTMF digit', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'SEND_DTMF' });
    const ref = await scene.lab.connected();

    const outcome = scene.link.sendDtmf(ref, '12E');

    await expect(outcome).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('puts a leg on hold', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HOLD' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = await scene.link.setHold(ref, { nativeId }, true);

    expect(outcome).toBe('ACCEPTED');
    const call = await scene.events.until(ref, isIn('HELD'));
    const callee = call.parties.find((party) => party.nativeId === nativeId);
    expect(callee).toMatchObject({ state: 'HELD', heldAt: expect.any(String) });
  });

  test('takes a held leg back', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'HOLD' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);
    await scene.link.setHold(ref, { nativeId }, true);

    const outcome = await scene.link.setHold(ref, { nativeId }, false);

    expect(outcome).toBe('ACCEPTED');
    const { calls } = await scene.link.list();
    expect(calls).toMatchObject([{ state: 'CONNECTED' }]);
  });

  test.each(COMMANDS)('refuses %s as UNSUPPORTED when it is not capable', async (needs, run) => {
    await using scene = await begin(setUp);
    const ref = await scene.lab.connected();
    const isCapable = scene.lab.connector.capabilities.has(needs);

    const code = await run(scene, ref).then(
      () => 'DONE',
      (error) => error.code,
    );

    expect(code === 'UNSUPPORTED').toBe(!isCapable);
  });
}

function testLinks(setUp: SetUp): void {
  test('tells that the link is gone', async () => {
    await using scene = await begin(setUp);

    await scene.lab.cut();

    expect(await scene.link.closed).toEqual(expect.any(String));
    await expect(scene.link.list()).rejects.toMatchObject({ code: 'LINK_DOWN' });
  });

  test('finds the same calls after a cut', async () => {
    await using scene = await begin(setUp);
    const ref = await scene.lab.connected();
    await scene.lab.cut();
    await scene.link.closed;

    await using again = await scene.lab.connector.connect(createCallRecorder());

    const live = await again.list();
    expect(live).toMatchObject({ epoch: ref.epoch, calls: [{ nativeId: ref.nativeId }] });
  });

  test('begins a new epoch without calls when the switch restarts', async () => {
    await using scene = await begin(setUp);
    const ref = await scene.lab.connected();
    await scene.lab.restart();
    await scene.link.closed;

    await using again = await scene.lab.connector.connect(createCallRecorder());

    const live = await again.list();
    expect(live.calls).toEqual([]);
    expect(live.epoch).not.toBe(ref.epoch);
  });

  test('says nothing after it was closed', async () => {
    await using scene = await begin(setUp);
    await scene.link[Symbol.asyncDispose]();
    const before = scene.events.seen.length;

    await scene.lab.ringing();

    expect(scene.events.seen).toHaveLength(before);
  });
}

type Command = (scene: Scene, ref: CallRef) => Promise<unknown>;

const COMMANDS: readonly [Capability, Command][] = [
  ['PLACE', ({ link, lab }) => link.place(lab.placeable)],
  ['ANSWER', ({ link }, ref) => link.answer(ref, { number: '1' })],
  ['HANGUP', ({ link }, ref) => link.hangup(ref)],
  ['HANGUP_PARTY', ({ link }, ref) => link.hangupParty(ref, { number: '1' })],
  ['USER_DATA', ({ link }, ref) => link.patchUserData(ref, { a: 1 })],
  ['SEND_DTMF', ({ link }, ref) => link.sendDtmf(ref, '1')],
  ['HOLD', ({ link }, ref) => link.setHold(ref, { number: '1' }, true)],
];

const isIn = (state: SwitchCall['state']) => (call: SwitchCall) => call.state === state;

async function begin(
  setUp: SetUp,
  wish?: { readonly context: TestContext; readonly needs: Capability },
): Promise<Scene> {
  const lab = await setUp();
  if (wish && !lab.connector.capabilities.has(wish.needs)) {
    await lab[Symbol.asyncDispose]();
    wish.context.skip(`the switch is not capable of ${wish.needs}`);
  }
  const events = createCallRecorder();
  const link = await lab.connector.connect(events);
  return {
    lab,
    link,
    events,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
    },
  };
}

async function endedCall({ lab, link, events }: Scene): Promise<CallRef> {
  const ref = await lab.connected();
  await link.hangup(ref);
  await events.until(ref, isIn('ENDED'));
  return ref;
}

async function calleeOf({ events }: Scene, ref: CallRef): Promise<SwitchParty> {
  const { parties } = await events.until(ref);
  const callee = parties.find(({ role }) => role === 'CALLEE');
  if (!callee) throw new Error('The call has no callee');
  return callee;
}
