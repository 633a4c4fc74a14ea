import { describe, expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { callNamed, createScriptedSwitch } from './scripted-switch.ts';
import { watch } from './supervisor-lab.ts';

const HANGUPS = 200;
const EACH_MS = 100;

/** A switch that takes a while for a hang-up, and does one after the other. */
async function slowSwitch() {
  const clock = createManualClock();
  const scripted = createScriptedSwitch(clock);
  const asked: string[] = [];
  scripted.script.hangup = async ({ nativeId }) => {
    asked.push(nativeId);
    const { promise, resolve } = Promise.withResolvers<'ACCEPTED'>();
    clock.schedule(EACH_MS, () => resolve('ACCEPTED'));
    return promise;
  };
  const { supervised } = watch(clock, { ...scripted.connector, hangsUpInTurn: true });
  await clock.advance(0);
  const hangups = Array.from({ length: HANGUPS }, (_, index) =>
    supervised.commands.hangup(callNamed(`c${index}`)).then(
      (outcome) => outcome as string,
      (error: { code: string }) => error.code,
    ),
  );
  return { clock, scripted, supervised, asked, hangups };
}

describe('many hang-ups at a switch that does them in turn', () => {
  test('are all done, however long that takes', async () => {
    const { clock, supervised, hangups } = await slowSwitch();

    await clock.advance(HANGUPS * EACH_MS);

    expect(await Promise.all(hangups)).toEqual(Array(HANGUPS).fill('ACCEPTED'));
    expect(supervised.link).toBe('UP');
  });

  test('do not keep other commands waiting', async () => {
    const { clock, scripted, supervised } = await slowSwitch();
    scripted.script.list = async () => ({ epoch: 'one', calls: [callNamed('a')] });
    await clock.advance(EACH_MS);

    const { calls } = await supervised.list();

    expect(calls).toHaveLength(1);
  });

  test('are not begun when they may not be any more', async () => {
    const { clock, supervised, asked } = await slowSwitch();
    let isInTime = true;
    const late = supervised.commandsWhile(() => isInTime).hangup(callNamed('late'));
    const code = late.catch((error: { code: string }) => error.code);
    isInTime = false;

    await clock.advance((HANGUPS + 1) * EACH_MS);

    expect(await code).toBe('LINK_DOWN');
    expect(asked).not.toContain('late');
  });

  test('that are not begun when the link goes were not done', async () => {
    const { clock, scripted, hangups, asked } = await slowSwitch();
    await clock.advance(EACH_MS * 1.5);

    scripted.cut();

    const rest = Array(HANGUPS - 2).fill('LINK_DOWN');
    expect(await Promise.all(hangups)).toEqual(['ACCEPTED', 'TIMEOUT', ...rest]);
    expect(asked).toEqual(['c0', 'c1']);
  });

  test('are given up together when the switch falls silent, and were not done', async () => {
    const { clock, scripted, supervised, hangups, asked } = await slowSwitch();
    await clock.advance(EACH_MS);
    scripted.script.hangup = () => new Promise(() => {});

    await clock.advance(EACH_MS + 5_000);

    const rest = Array(HANGUPS - 3).fill('LINK_DOWN');
    expect(await Promise.all(hangups)).toEqual(['ACCEPTED', 'ACCEPTED', 'TIMEOUT', ...rest]);
    expect(asked).toEqual(['c0', 'c1']);
    expect(supervised.link).toBe('UP');
  });

  test('that come after a silence are tried again', async () => {
    const { clock, scripted, supervised } = await slowSwitch();
    scripted.script.hangup = () => new Promise(() => {});
    await clock.advance(EACH_MS + 5_000);
    scripted.script.hangup = async () => 'ACCEPTED';

    const outcome = await supervised.commands.hangup(callNamed('again'));

    expect(outcome).toBe('ACCEPTED');
  });
});
