import { expect, test } from 'vitest';
import { createWindows } from '../../src/webhooks/windows.ts';

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

test('what is as it was at first is forgotten', () => {
  const windows = createWindows();
  windows.begin(RECEIVER);

  windows.end(RECEIVER, true);

  expect(windows.rooms()).toEqual({ rooms: {}, elsewhere: 8, shares: {} });
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

test('what the receivers of an organization have under way comes off its share', () => {
  const windows = createWindows();
  for (const host of ['a', 'b', 'b']) windows.begin(`acme http://${host}.example`);

  const { shares } = windows.rooms();

  expect(shares).toEqual({ acme: 61 });
});
