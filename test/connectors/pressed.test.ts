import { describe, expect, test } from 'vitest';
import { addPress, type HeardPress } from '../../src/connectors/heard-press.ts';
import { Keypads } from '../../src/connectors/keypads.ts';
import { switchCall } from '../support/switch-call.ts';
import { callNamed, endOf } from './scripted-switch.ts';
import { awaitedList, supervise } from './supervisor-lab.ts';

const A = callNamed('a');

describe('what is pressed', () => {
  test('comes between the words about its call', async () => {
    const { scripted, clock, heard } = supervise();
    await clock.advance(0);

    scripted.tell(A);
    scripted.press(A, { digits: '1' });
    scripted.tell(callNamed('a', { state: 'HELD' }));
    scripted.press(A, { digits: '2' });
    scripted.tell(endOf('a'));
    await clock.advance(0);

    const words = ['a CONNECTED', 'a pressed by leg 1', 'a HELD', 'a pressed by leg 2', 'a ENDED'];
    expect(heard).toEqual(['resync []', ...words]);
  });

  test('while the word before it is written is written at once, leg by leg', async () => {
    const writing = Promise.withResolvers<void>();
    const { scripted, clock, heard } = supervise({ onCall: () => writing.promise });
    await clock.advance(0);
    scripted.tell(A);
    await clock.advance(0);

    for (const digits of '123') scripted.press(A, { digits });
    scripted.press(A, { digits: '9', nativeId: 'other' });
    scripted.press(A, { digits: '4' });
    writing.resolve();
    await clock.advance(0);

    expect(heard).toEqual(['resync []', 'a CONNECTED', 'a pressed by leg 123, other 9, leg 4']);
  });

  test('for longer than a second is not one, since it may be erased in between', () => {
    const at = '2026-01-02T03:04:05.000Z';
    const presses = [0, 999, 1000].map((heardAt) => ({
      nativeId: 'leg',
      digits: '1',
      at,
      heardAt,
    }));
    const waiting: HeardPress[] = [];

    for (const press of presses) addPress(waiting, press);

    expect(waiting.map(({ digits, heardAt }) => [digits, heardAt])).toEqual([
      ['11', 0],
      ['1', 1000],
    ]);
  });

  test('before the first list comes behind it', async () => {
    const { scripted, clock, heard } = supervise();
    const list = awaitedList(scripted);
    await clock.advance(0);
    scripted.press(A, { digits: '1' });

    list.resolve({ epoch: 'one', calls: [A] });
    await clock.advance(0);

    expect(heard).toEqual(['resync [a]', 'a pressed by leg 1']);
  });

  test('in a call that ended before the first list comes before that end', async () => {
    const { scripted, clock, heard } = supervise();
    const list = awaitedList(scripted);
    await clock.advance(0);
    scripted.press(A, { digits: '1' });
    scripted.tell(endOf('a'));

    list.resolve({ epoch: 'one', calls: [] });
    await clock.advance(0);

    expect(heard).toEqual(['a pressed by leg 1 again', 'a ENDED', 'resync []']);
  });

  test('is not lost when it cannot be written, nor is its place before the end', async () => {
    let failures = 1;
    const { scripted, clock, heard } = supervise({
      async onPressed() {
        if (failures-- > 0) throw new Error('the database is away');
      },
    });
    await clock.advance(0);
    scripted.press(A, { digits: '1' });
    await clock.advance(0);
    scripted.press(A, { digits: '2' });
    scripted.tell(endOf('a'));

    await clock.advance(250);

    const again = ['a pressed by leg 1, leg 2 again', 'a ENDED', 'resync []'];
    expect(heard).toEqual(['resync []', 'a pressed by leg 1', ...again]);
  });

  test('by one who joined while nothing could be written comes with the call that has him', async () => {
    const taken: number[] = [];
    const { scripted, clock } = supervise({
      async onCall() {
        throw new Error('the database is away');
      },
      async onPressed({ parties }) {
        taken.push(parties.length);
      },
    });
    await clock.advance(0);
    scripted.tell(A);
    await clock.advance(0);
    scripted.press(A, { digits: '1' });
    const joined = callNamed('a', { parties: switchCall(['210', '211']).parties });
    scripted.tell(joined);
    scripted.press(joined, { digits: '2', nativeId: 'other' });

    await clock.advance(250);

    expect(taken).toEqual([2]);
  });

  test('while nothing can be written is kept two hundred times a call, and beyond that it is said', async () => {
    const lost: boolean[] = [];
    let isAway = true;
    const write = async () => {
      if (isAway) throw new Error('the database is away');
    };
    const { scripted, clock, heard } = supervise({
      ...{ onCall: write, onPressed: write, onResync: write },
      onLost: (_call, isFirst) => lost.push(isFirst),
    });
    for (let count = 0; count < 210; count += 1) {
      await clock.advance(40);
      scripted.tell(A);
      scripted.press(A, { digits: '1' });
    }
    scripted.press(callNamed('b'), { digits: '2' });
    await clock.advance(40);

    isAway = false;
    await clock.advance(60_000);

    expect(lost).toEqual([true, ...Array.from({ length: 9 }, () => false)]);
    expect(heard).toContain('b pressed by leg 2 again');
  });

  test('a thousand times at once is taken a hundred times, and that is said', async () => {
    const told: boolean[] = [];
    const { scripted, clock, heard } = supervise({
      onTooMuchPressed: (_call, isFirst) => told.push(isFirst),
    });
    await clock.advance(0);

    for (let count = 0; count < 1000; count += 1) scripted.press(A, { digits: '1' });
    await clock.advance(0);

    expect(heard).toEqual(['resync []', `a pressed by leg ${'1'.repeat(100)}`]);
    expect([told.length, told.filter(Boolean).length]).toEqual([900, 1]);
  });
});

describe('a keypad', () => {
  test('takes 25 a second for long, of each call', () => {
    const keypads = new Keypads();
    const press = (nativeId: string, now: number) => keypads.take(nativeId, 1, now) === 'TAKEN';

    const taken = Array.from({ length: 10_000 }, (_, ms) => press('a', ms)).filter(Boolean);

    expect(taken.length).toBeGreaterThanOrEqual(100 + 9 * 25);
    expect(taken.length).toBeLessThanOrEqual(100 + 10 * 25);
    expect(press('b', 10_000)).toBe(true);
  });

  test('is not refilled by a clock that goes back', () => {
    const keypads = new Keypads();
    keypads.take('a', 100, 60_000);

    const taken = [keypads.take('a', 1, 0), keypads.take('a', 1, 10)];

    expect(taken).toEqual(['TOO_MUCH', 'STILL_TOO_MUCH']);
  });
});
