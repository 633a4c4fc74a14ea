import { describe, expect, test } from 'vitest';
import { callNamed } from './scripted-switch.ts';
import { awaitedList, restarted, supervise } from './supervisor-lab.ts';

const ref = { epoch: 'one', nativeId: 'a' };

describe('the link of a supervised switch', () => {
  test('is sought after 0.25 s, doubling to 10 s', async () => {
    const { scripted, clock } = supervise();
    scripted.script.connect = () => Promise.reject(new Error('refused'));
    await clock.advance(0);

    await restarted(scripted, clock, 60_000);

    expect(gaps(scripted.connectedAt).slice(0, 9)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
    ]);
  });

  test('is sought up to twice as early by chance', async () => {
    const { scripted, clock } = supervise({ random: () => 1 });
    await clock.advance(0);

    await restarted(scripted, clock, 125);

    expect(gaps(scripted.connectedAt)).toEqual([125]);
  });

  test('is sought quickly again after it was UP', async () => {
    const { scripted, clock } = supervise();
    await restarted(scripted, clock, 250);
    await restarted(scripted, clock, 250);

    await restarted(scripted, clock, 250);

    expect(gaps(scripted.connectedAt)).toEqual([250, 250, 250]);
  });

  test('is DOWN with the reason when it was cut', async () => {
    const { supervised, scripted, clock, links } = supervise();

    await restarted(scripted, clock, 0);

    expect(links).toEqual(['UP', 'DOWN']);
    expect(supervised.lastError).toBe('The link closed: The link was cut.');
  });

  test('is given up when the switch does not list in time', async () => {
    const { supervised, scripted, clock } = supervise();
    awaitedList(scripted);
    await clock.advance(0);

    await clock.advance(5_000);

    expect(supervised).toMatchObject({
      link: 'DOWN',
      lastError: expect.stringContaining('5000 ms'),
    });
    expect(scripted.closed).toBe(1);
  });

  test('is closed and not heard when it opens too late', async () => {
    const { scripted, clock, heard } = supervise();
    const opening = Promise.withResolvers<void>();
    scripted.script.connect = () => opening.promise;
    await restarted(scripted, clock, 5_250);
    heard.length = 0;
    scripted.tell(callNamed('a'));

    opening.resolve();
    await clock.advance(0);

    expect(scripted.closed).toBe(2);
    expect(heard).toEqual([]);
  });

  test('comes back although a handler is still busy', async () => {
    const busy = Promise.withResolvers<void>();
    const { scripted, clock, heard } = supervise({ onCall: () => busy.promise });
    await clock.advance(0);
    scripted.tell(callNamed('a'));
    await restarted(scripted, clock, 250);

    busy.resolve();
    await clock.advance(0);

    expect(heard).toEqual(['resync []', 'a CONNECTED', 'resync []']);
  });
});

describe('a command through the supervisor', () => {
  test('is done by the switch', async () => {
    const { supervised, scripted, clock } = supervise();
    scripted.script.hangup = async () => 'ALREADY_ENDED';
    await clock.advance(0);

    const outcome = await supervised.commands.hangup(ref);

    expect(outcome).toBe('ALREADY_ENDED');
  });

  test('is refused as LINK_DOWN when there is no link', async () => {
    const { supervised, scripted, clock } = supervise();
    await restarted(scripted, clock, 0);

    const outcome = supervised.commands.hangup(ref);

    await expect(outcome).rejects.toMatchObject({ code: 'LINK_DOWN' });
  });

  test('is TIMEOUT when the switch does not answer in 5 s', async () => {
    const { supervised, scripted, clock } = supervise();
    scripted.script.hangup = () => new Promise(() => {});
    await clock.advance(0);
    const code = codeOf(supervised.commands.hangup(ref));

    await clock.advance(5_000);

    expect(await code).toBe('TIMEOUT');
  });

  test('is TIMEOUT sooner when it is a hang-up, for which a switch may have less time', async () => {
    const { supervised, scripted, clock } = supervise({ hangupTimeoutMs: 2_000 });
    scripted.script.hangup = () => new Promise(() => {});
    await clock.advance(0);
    const code = codeOf(supervised.commands.hangup(ref));

    await clock.advance(2_000);

    expect(await code).toBe('TIMEOUT');
  });

  test('is TIMEOUT when the link goes before the answer', async () => {
    const { supervised, scripted, clock } = supervise();
    scripted.script.hangup = () => new Promise(() => {});
    await clock.advance(0);
    const code = codeOf(supervised.commands.hangup(ref));

    scripted.cut();

    expect(await code).toBe('TIMEOUT');
  });

  test('is SWITCH_ERROR when the connector has a bug', async () => {
    const { supervised, scripted, clock } = supervise();
    scripted.script.hangup = () => Promise.reject(new TypeError('a bug'));
    await clock.advance(0);

    const code = await codeOf(supervised.commands.hangup(ref));

    expect(code).toBe('SWITCH_ERROR');
  });

  test('finds the list of the switch', async () => {
    const { supervised, clock } = supervise();
    await clock.advance(0);

    const live = await supervised.list();

    expect(live).toEqual({ epoch: 'one', calls: [] });
  });
});

const codeOf = (command: Promise<unknown>) =>
  command.then(
    () => 'DONE',
    (error: { code?: string }) => error.code,
  );

const gaps = (moments: readonly number[]) =>
  moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
