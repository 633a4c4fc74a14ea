import { expect, test } from 'vitest';
import { createCallRecorder } from '../call-recorder.ts';
import { begin, endedCall, isIn, type SetUp } from './scene.ts';

/** Events and lists. */
export function testTelling(setUp: SetUp): void {
  test('sends the whole state with each event', async () => {
    await using scene = await begin(setUp);

    const ref = await scene.lab.connected();

    const call = await scene.events.until(ref, isIn('CONNECTED'));
    const rest = { offeredAt: expect.any(String), answeredAt: expect.any(String) };
    expect(call).toMatchObject({ ...ref, ...rest, endedAt: null, end: null });
    expect(call.parties.map(({ role }) => role).slice(0, 2)).toEqual(['CALLER', 'CALLEE']);
  });

  test('tells which digits are pressed, on whose phone, each once', async () => {
    await using scene = await begin(setUp);

    const ref = await scene.lab.pressing();

    const presses = await scene.events.pressedIn(ref, 4);
    const { parties } = await scene.events.until(ref, isIn('CONNECTED'));
    const legOf = (role: string) => parties.find((party) => party.role === role)?.nativeId;
    const [caller, callee] = [legOf('CALLER'), legOf('CALLEE')];
    const rest = { at: expect.stringMatching(/^20.*Z$/) };
    expect(presses).toEqual([
      { ...rest, nativeId: caller, digits: '4' },
      { ...rest, nativeId: caller, digits: '2' },
      { ...rest, nativeId: caller, digits: '#' },
      { ...rest, nativeId: callee, digits: '*' },
    ]);
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

/** Links that end. */
export function testLinks(setUp: SetUp): void {
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
