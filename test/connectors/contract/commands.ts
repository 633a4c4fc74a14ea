import { expect, test } from 'vitest';
import type { CallRef, Capability } from '../../../src/connectors/connector.ts';
import { testParking } from './parking.ts';
import { begin, calleeOf, endedCall, isIn, type Scene, type SetUp, TARGET } from './scene.ts';
import { testConsultations, testRecording } from './second-calls.ts';

/** All commands but the hang-ups. */
export function testCommands(setUp: SetUp): void {
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

  test('patches the user data of a ringing call', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'USER_DATA' });
    const ref = await scene.lab.ringing();

    const data = await scene.link.patchUserData(ref, { crm: '42' });

    expect(data).toEqual({ crm: '42' });
    await scene.events.until(ref, ({ userData }) => userData['crm'] === '42');
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

  for (const role of ['CALLER', 'CALLEE'] as const) {
    test(`lets the ${role} transfer the other to somebody new, and leave`, async (context) => {
      await using scene = await begin(setUp, { context, needs: 'TRANSFER' });
      const ref = await scene.lab.connected();
      await calleeOf(scene, ref);
      const [caller, callee] = (await scene.events.until(ref, isIn('CONNECTED'))).parties;
      const nativeId = (role === 'CALLER' ? caller : callee)?.nativeId ?? '';

      const outcome = await scene.link.transfer(ref, { nativeId }, TARGET);

      expect(outcome).toBe('ACCEPTED');
      const { parties } = await scene.events.until(
        ref,
        (call) => call.parties[2]?.state === 'RINGING',
      );
      const stays = role === 'CALLER' ? ['ENDED', 'CONNECTED'] : ['CONNECTED', 'ENDED'];
      expect(parties.map(({ state }) => state)).toEqual([...stays, 'RINGING']);
      expect(parties[2]).toMatchObject({ number: TARGET.to });
    });
  }

  test('transfers no leg that talks with nobody', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'TRANSFER' });
    const ref = await scene.lab.ringing();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = scene.link.transfer(ref, { nativeId }, TARGET);

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('transfers to nothing that cannot be dialled', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'TRANSFER' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = scene.link.transfer(ref, { nativeId }, { ...TARGET, to: 'sip:a@b' });

    await expect(outcome).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  testConsultations(setUp);
  testParking(setUp);
  testRecording(setUp);

  test('rings somebody else instead', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'REDIRECT' });
    const ref = await scene.lab.ringing();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = await scene.link.redirect(ref, { nativeId }, TARGET);

    expect(outcome).toBe('ACCEPTED');
    const { parties, state } = await scene.events.until(
      ref,
      (call) => call.parties[2]?.state === 'RINGING' && call.parties[1]?.state === 'ENDED',
    );
    expect(state).toBe('RINGING');
    expect(parties[2]).toMatchObject({ number: TARGET.to });
  });

  test('redirects no leg that talks', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'REDIRECT' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = scene.link.redirect(ref, { nativeId }, TARGET);

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('rings somebody who is to join', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONFERENCE' });
    const ref = await scene.lab.connected();

    const outcome = await scene.link.invite(ref, TARGET);

    expect(outcome).toBe('ACCEPTED');
    const { parties } = await scene.events.until(ref, (call) => call.parties.length === 3);
    expect(parties.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED', 'RINGING']);
  });

  test('rings somebody who is to listen, and is none of those who talk', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'MONITOR' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);

    const outcome = await scene.link.listen(ref, { nativeId }, MONITORING);

    expect(outcome).toBe('ACCEPTED');
    const { parties } = await scene.events.until(
      ref,
      (call) => call.parties[2]?.state === 'RINGING',
    );
    expect(parties[2]).toMatchObject({ role: 'LISTENER', state: 'RINGING', number: TARGET.to });
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

type Command = (scene: Scene, ref: CallRef) => Promise<unknown>;

const MONITORING = { ...TARGET, whispers: false, hears: true };
const WHISPERING = { ...TARGET, whispers: true, hears: true };
const FROM_OUTSIDE = { from: '0722000111', fromExtension: false };

const COMMANDS: readonly [Capability, Command][] = [
  ['PLACE', ({ link, lab }) => link.place(lab.placeable)],
  ['ANSWER', ({ link }, ref) => link.answer(ref, { number: '1' })],
  ['HANGUP', ({ link }, ref) => link.hangup(ref)],
  ['HANGUP_PARTY', ({ link }, ref) => link.hangupParty(ref, { number: '1' })],
  ['USER_DATA', ({ link }, ref) => link.patchUserData(ref, { a: 1 })],
  ['SEND_DTMF', ({ link }, ref) => link.sendDtmf(ref, '1')],
  ['HOLD', ({ link }, ref) => link.setHold(ref, { number: '1' }, true)],
  ['CONSULT', ({ link }, ref) => link.consult(ref, { number: '1' }, { ...TARGET, userData: {} })],
  ['CONFERENCE', ({ link }, ref) => link.invite(ref, TARGET)],
  ['MONITOR', ({ link }, ref) => link.listen(ref, { number: '1' }, MONITORING)],
  ['WHISPER', ({ link }, ref) => link.listen(ref, { number: '1' }, WHISPERING)],
  ['CALLBACK', ({ link, lab }) => link.place({ ...lab.placeable, ...FROM_OUTSIDE })],
  ['REDIRECT', ({ link }, ref) => link.redirect(ref, { number: '1' }, TARGET)],
  ['RECORD', ({ link }, ref) => link.setRecording(ref, 'PAUSED')],
  ['TRANSFER', ({ link }, ref) => link.transfer(ref, { number: '1' }, TARGET)],
];
