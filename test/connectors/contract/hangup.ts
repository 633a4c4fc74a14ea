import { expect, test } from 'vitest';
import { begin, calleeOf, endedCall, isIn, type SetUp } from './scene.ts';

/** Ending calls and legs. */
export function testHangup(setUp: SetUp): void {
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
