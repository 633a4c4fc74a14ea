import { expect, test } from 'vitest';
import { createWindows, type Windows } from '../../src/webhooks/windows.ts';

const RECEIVER = 'acme http://crm.example';

const play = (outcomes: readonly boolean[]) => {
  const windows = createWindows();
  // Holds the window open, so that it is not forgotten.
  windows.begin(RECEIVER);
  for (const wasDelivered of outcomes) {
    windows.begin(RECEIVER);
    windows.end(RECEIVER, wasDelivered);
  }
  return windows.rooms().rooms[RECEIVER];
};
const times = (count: number, outcome: boolean) => Array<boolean>(count).fill(outcome);

test('a receiver that fails is left one request at a time, which is under way', () => {
  const room = play(times(20, false));

  expect(room).toBe(0);
});

test('one that answers gets more and more, up to a limit', () => {
  const rooms = [play(times(4, true)), play(times(100, true))];

  expect(rooms).toEqual([11, 31]);
});

test('one that comes back grows from one request at a time', () => {
  const room = play([...times(20, false), ...times(3, true)]);

  expect(room).toBe(3);
});

test('one that does nothing but fail is asked every two seconds in the end', () => {
  let now = 0;
  const windows = createWindows(() => now);
  const asked: number[] = [];

  for (; now < 9000; now += 10) {
    if (windows.rooms().rooms[RECEIVER] === 0) continue;
    windows.begin(RECEIVER);
    windows.end(RECEIVER, false);
    asked.push(now);
  }

  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  expect(pauses.slice(0, 23)).toEqual(Array(23).fill(10));
  expect(pauses.slice(23)).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000]);
});

test('one success is enough for a receiver that was dead', () => {
  const windows = createWindows(() => 0);
  windows.begin(RECEIVER);
  for (let failures = 0; failures < 40; failures += 1) {
    windows.begin(RECEIVER);
    windows.end(RECEIVER, false);
  }
  const whenDead = windows.rooms().rooms[RECEIVER];

  windows.end(RECEIVER, true);

  expect([whenDead, windows.rooms().rooms[RECEIVER]]).toEqual([0, 2]);
});

test('one moment in which all that is under way fails is no reason to leave a receiver alone', () => {
  const windows = createWindows(() => 0);
  for (let count = 0; count < 40; count += 1) windows.begin(RECEIVER);
  for (let count = 0; count < 8; count += 1) windows.end(RECEIVER, true);

  for (let count = 0; count < 31; count += 1) windows.end(RECEIVER, false);

  windows.end(RECEIVER, true);
  expect(windows.rooms().rooms[RECEIVER]).toBeGreaterThan(0);
});

test('what is as it was at first is forgotten', () => {
  const windows = createWindows();
  windows.begin(RECEIVER);

  windows.end(RECEIVER, true);

  expect(windows.rooms()).toMatchObject({ rooms: {}, elsewhere: 8, shares: {} });
});

test('what has failed and is idle for an hour is forgotten', () => {
  let now = 0;
  const windows = createWindows(() => now);
  windows.begin(RECEIVER);
  windows.end(RECEIVER, false);
  const before = windows.rooms().rooms;

  now += 3_600_001;

  expect(before).toEqual({ [RECEIVER]: 7 });
  expect(windows.rooms().rooms).toEqual({});
});

/** Begins as many requests as an organization may have, with as many receivers as that takes. */
function fill(windows: Windows, organization: string): number {
  let begun = 0;
  for (;;) {
    const { shares, othersShare, most } = windows.rooms();
    if (most === 0 || (shares[organization] ?? othersShare) === 0) return begun;
    windows.begin(`${organization} http://${begun}.example`);
    begun += 1;
  }
}

test('an organization that is alone has most of all requests, and leaves some for a newcomer', () => {
  const windows = createWindows();

  const begun = fill(windows, 'acme');

  expect(begun).toBe(192);
  expect(windows.rooms()).toMatchObject({ most: 64, shares: { acme: 0 }, othersShare: 48 });
});

test('however many organizations want all that they can get, there is room for one more', () => {
  const windows = createWindows();

  const begun = ['acme', 'globex', 'initech', 'umbrella'].map((name) => fill(windows, name));

  expect(begun.every((count) => count > 0)).toBe(true);
  expect(windows.rooms().othersShare).toBeGreaterThan(0);
});

test('a receiver that wants to be left alone gets nothing, for a minute at most', () => {
  let now = 0;
  const windows = createWindows(() => now);
  const roomAt = (ms: number) => {
    now = ms;
    return windows.rooms().rooms[RECEIVER] ?? 'as new';
  };
  windows.begin(RECEIVER);

  windows.end(RECEIVER, false, 3_600_000);

  expect([0, 59_999, 60_000].map(roomAt)).toEqual([0, 0, 7]);
});
