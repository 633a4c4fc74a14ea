import { expect, test } from 'vitest';
import { begin, calleeOf, isIn, type SetUp, TARGET } from './scene.ts';

/** Calls that wait for anybody. */
export function testParking(setUp: SetUp): void {
  test('parks a call: one leg leaves, and the other waits in a place', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'PARK' });
    const ref = await scene.lab.connected();
    const { nativeId, number } = await calleeOf(scene, ref);

    const outcome = await scene.link.park(ref, { nativeId }, 60);

    expect(outcome).toBe('ACCEPTED');
    const { parties } = await scene.events.until(ref, isIn('HELD'));
    expect(parties.map(({ state }) => state)).toEqual(['HELD', 'ENDED']);
    expect(parties[0]?.parking).toMatchObject({ position: expect.any(Number), by: number });
  });

  test('takes a parked call out', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'PARK' });
    const ref = await scene.lab.connected();
    const { nativeId } = await calleeOf(scene, ref);
    await scene.link.park(ref, { nativeId }, 60);

    const outcome = await scene.link.unpark(ref, TARGET);

    expect(outcome).toBe('ACCEPTED');
    const rung = await scene.events.until(ref, (call) => call.parties.length === 3);
    await scene.link.answer(ref, { nativeId: rung.parties[2]?.nativeId ?? '' });
    const { parties } = await scene.events.until(
      ref,
      (call) => call.state === 'CONNECTED' && call.parties.length === 3,
    );
    expect(parties.map(({ state }) => state)).toEqual(['CONNECTED', 'ENDED', 'CONNECTED']);
    expect(parties.filter(({ parking }) => parking)).toEqual([]);
  });

  test('takes out no call that is not parked', async (context) => {
    await using scene = await begin(setUp, { context, needs: 'PARK' });
    const ref = await scene.lab.connected();

    const outcome = scene.link.unpark(ref, TARGET);

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
}
