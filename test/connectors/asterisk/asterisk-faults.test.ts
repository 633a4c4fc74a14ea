import { describe, expect, test } from 'vitest';
import { createCallRecorder } from '../call-recorder.ts';
import { isIn } from '../contract/scene.ts';
import { connected, linked } from './asterisk-lab.ts';

describe('an Asterisk with the fault', () => {
  test('hangup-ok-without-effect, the list still has the call', async () => {
    await using lab = await linked();
    const { ref } = await connected(lab);
    lab.asterisk.faults.add('hangup-ok-without-effect');

    const outcome = await lab.link.hangup(ref);

    expect(outcome).toBe('ACCEPTED');
    expect((await lab.link.list()).calls).toMatchObject([{ ...ref, state: 'CONNECTED' }]);
  });

  test('hangup-ok-without-effect, who hangs up later is not the operator', async () => {
    await using lab = await linked();
    const { callee, ref } = await connected(lab);
    lab.asterisk.faults.add('hangup-ok-without-effect');
    await lab.link.hangup(ref);
    await lab.link.list();

    lab.asterisk.hangUpPhone(callee);

    expect((await lab.events.until(ref, isIn('ENDED'))).end).toMatchObject({ by: 'CALLEE' });
  });

  test('missed-events, the list tells', async () => {
    await using lab = await linked('missed-events');
    const { asterisk, link } = lab;
    const { caller, ref } = await connected(lab);
    const before = await link.list();
    asterisk.hangUpPhone(caller);

    const after = await link.list();

    expect(lab.events.seen).toEqual([]);
    expect(before.calls).toMatchObject([{ ...ref, state: 'CONNECTED', dnis: '211' }]);
    expect(after.calls).toEqual([]);
    expect(await link.hangup(ref)).toBe('ALREADY_ENDED');
  });

  test('missed-events, a placed call is known by its answer', async () => {
    await using lab = await linked('missed-events');
    const request = { organizationId: 'acme', from: '210', to: '211', toExtension: true };

    const ref = await lab.link.place({ ...request, userData: {} });

    expect(await lab.events.until(ref)).toMatchObject({ ani: '210', dnis: '211' });
  });

  test('swapped-events, the call ends up as it is', async () => {
    await using lab = await linked('swapped-events');
    const { ref } = await connected(lab);
    lab.asterisk.faults.clear();
    await lab.ari.heard();

    const { calls } = await lab.link.list();

    expect(calls).toMatchObject([{ ...ref, state: 'CONNECTED', parties: [{}, {}] }]);
  });

  test('duplicate-events, nothing is told twice', async () => {
    await using lab = await linked('duplicate-events');
    const { ref, callee } = await connected(lab);
    lab.asterisk.hangUpPhone(callee);
    await lab.events.until(ref, isIn('ENDED'));
    await lab.ari.heard();

    const told = lab.events.seen.map((call) => JSON.stringify(call));

    expect(new Set(told).size).toBe(told.length);
    expect(lab.events.statesOf(ref).filter((state) => state === 'ENDED')).toHaveLength(1);
  });

  test('one-leg-only, the call lives with the other until that is hung up', async () => {
    await using lab = await linked();
    const { ref } = await connected(lab);
    lab.asterisk.faults.add('one-leg-only');
    await lab.link.hangup(ref);
    const { calls } = await lab.link.list();
    lab.asterisk.faults.clear();

    await lab.link.hangup(ref);

    expect(calls).toMatchObject([{ parties: [{ state: 'CONNECTED' }, { state: 'ENDED' }] }]);
    await lab.events.until(ref, isIn('ENDED'));
  });

  test.each([
    ['a hang-up', false, 'hangup'],
    ['a patch by AMI', false, 'patch'],
    ['a patch by ARI', true, 'patch'],
  ] as const)(
    'timeout, the outcome of %s is unknown once the link breaks',
    async (_what, inStasis, what) => {
      await using lab = await linked();
      const { ref } = await connected(lab, inStasis);
      lab.asterisk.faults.add('timeout');
      const done = what === 'hangup' ? lab.link.hangup(ref) : lab.link.patchUserData(ref, { a: 1 });
      await lab.link.list();

      lab.ami.cut();

      await expect(done).rejects.toMatchObject({ code: 'TIMEOUT' });
    },
  );

  test('unreachable, there is no link', async () => {
    await using lab = await linked();
    lab.asterisk.faults.add('unreachable');

    const link = lab.connector.connect(createCallRecorder());

    await expect(link).rejects.toMatchObject({ code: 'LINK_DOWN' });
  });

  test('that tells of an end later than its list, the end is told as it was', async () => {
    await using lab = await linked();
    const { ref, caller, callee } = await connected(lab);
    lab.asterisk.faults.add('missed-events');
    lab.asterisk.hangUpPhone(callee);
    lab.asterisk.faults.clear();
    const { calls } = await lab.link.list();

    lab.asterisk.emit('ChannelHangupRequest', callee, { cause: 16 });
    for (const leg of [callee, caller]) lab.asterisk.emit('ChannelDestroyed', leg, { cause: 16 });

    expect(calls).toEqual([]);
    const { end } = await lab.events.until(ref, isIn('ENDED'));
    expect(end).toEqual({ disposition: 'ANSWERED', by: 'CALLEE', q850Cause: 16 });
    expect(await lab.link.hangup(ref)).toBe('ALREADY_ENDED');
  });
});
