import { expect, test } from 'vitest';
import type { CallRef } from '../../../src/connectors/connector.ts';
import { begin, calleeOf, isIn, type Scene, type SetUp, TARGET } from './scene.ts';

/** A second call that a callee makes, and what becomes of it. */
export function testConsultations(setUp: SetUp): void {
  test('calls somebody else while the first one waits', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const ref = await scene.lab.connected();
    const { nativeId, number } = await calleeOf(scene, ref);
    await scene.link.patchUserData(ref, { crm: '42' });

    const second = await scene.link.consult(
      ref,
      { nativeId },
      { ...TARGET, userData: { why: 'a question' } },
    );

    await scene.events.until(ref, isIn('HELD'));
    const call = await scene.events.until(second);
    const userData = { crm: '42', why: 'a question' };
    expect(call).toMatchObject({ ani: number, dnis: TARGET.to, userData });
    expect(call.consultOf).toBe(ref.nativeId);
  });

  test('puts the first one through to the second', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const { ref, second } = await consulting(scene);

    const outcome = await scene.link.complete(second, 'TRANSFER');

    expect(outcome).toBe('ACCEPTED');
    await scene.events.until(second, isIn('ENDED'));
    const { parties } = await scene.events.until(ref, (call) => call.parties.length === 3);
    expect(parties.map(({ state }) => state)).toEqual(['CONNECTED', 'ENDED', 'CONNECTED']);
    expect(parties[2]).toMatchObject({ number: TARGET.to });
  });

  test('makes one call of the two', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const { ref, second } = await consulting(scene);

    const outcome = await scene.link.complete(second, 'CONFERENCE');

    expect(outcome).toBe('ACCEPTED');
    await scene.events.until(second, isIn('ENDED'));
    const { parties } = await scene.events.until(ref, (call) => call.parties.length === 3);
    expect(parties.map(({ state }) => state)).toEqual(['CONNECTED', 'CONNECTED', 'CONNECTED']);
  });

  test('completes nothing before somebody answers', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);
    const second = await scene.link.consult(ref, { nativeId }, { ...TARGET, userData: {} });

    const outcome = scene.link.complete(second, 'TRANSFER');

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('consults nobody twice at once', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const { ref } = await consulting(scene);
    const { nativeId } = await calleeOf(scene, ref);

    const third = scene.link.consult(ref, { nativeId }, { ...TARGET, userData: {} });

    await expect(third).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('completes no call that is no consultation', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'CONSULT' });
    const ref = await scene.lab.connected();

    const outcome = scene.link.complete(ref, 'CONFERENCE');

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
}

/** A callee who talks with somebody else while the first one waits. */
async function consulting(scene: Scene): Promise<{ ref: CallRef; second: CallRef }> {
  const ref = await scene.lab.connected();
  const { nativeId } = await calleeOf(scene, ref);
  const second = await scene.link.consult(ref, { nativeId }, { ...TARGET, userData: {} });
  await scene.lab.answerSoon?.();
  await scene.events.until(second, isIn('CONNECTED'));
  return { ref, second };
}

/** Recording, from its start to its stop. */
export function testRecording(setUp: SetUp): void {
  const STEPS = ['RECORDING', 'PAUSED', 'RECORDING', 'STOPPED'] as const;

  test.each(STEPS.map((_, index) => STEPS.slice(0, index + 1)))(
    'records: %s %s %s %s',
    async (...steps) => {
      await using scene = await begin(setUp);
      if (!scene.lab.connector.capabilities.has('RECORD')) return;
      const ref = await scene.lab.connected();
      const last = steps.at(-1) ?? 'STOPPED';
      for (const state of steps.slice(0, -1)) await scene.link.setRecording(ref, state);

      const outcome = await scene.link.setRecording(ref, last);

      expect(outcome).toBe('ACCEPTED');
      const { calls } = await scene.link.list();
      expect(calls).toMatchObject([{ recordingState: last }]);
    },
  );

  test.each(['STOPPED', 'PAUSED'] as const)('makes no recording %s that is none', async (state) => {
    await using scene = await begin(setUp);
    if (!scene.lab.connector.capabilities.has('RECORD')) return;
    const ref = await scene.lab.connected();

    const outcome = scene.link.setRecording(ref, state);

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('records no call that nobody has answered', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'RECORD' });
    const ref = await scene.lab.ringing();

    const outcome = scene.link.setRecording(ref, 'RECORDING');

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
}
