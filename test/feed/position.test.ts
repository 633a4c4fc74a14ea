import { expect, test } from 'vitest';
import { decodePosition, encodePosition, snapshotPosition } from '../../src/feed/position.ts';

const POSITION = { epoch: '0123456789ab', xid: 123n, id: 45n };
const TEXT = encodePosition(POSITION);

test('a position is read as it was given', () => {
  const again = decodePosition(TEXT);

  expect(again).toEqual(POSITION);
});

test('a position of an unfinished snapshot asks for a new one', () => {
  const again = decodePosition(snapshotPosition(POSITION.epoch));

  expect(again).toBeNull();
});

test.each([
  ['nothing', ''],
  ['a space before it', ` ${TEXT}`],
  ['a line break within', `${TEXT.slice(0, 8)}\n${TEXT.slice(8)}`],
  ['padding', `${TEXT}==`],
  ['another alphabet', Buffer.from('0123456789ab.1.2?').toString('base64')],
  ['more than a position', Buffer.from('0123456789ab.1.2.3').toString('base64url')],
])('what no Tandem has given is refused: %s', (_, text) => {
  const decode = () => decodePosition(text);

  expect(decode).toThrow('`after` is not a position of this feed.');
});
