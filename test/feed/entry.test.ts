import { expect, test } from 'vitest';
import { entryOf, packed, unpacked } from '../../src/feed/entry.ts';
import type { Change } from '../../src/feed/feed.ts';
import { CALL } from '../support/call-view.ts';

const AT = { epoch: 'one', xid: 7n, id: 9n };
const CHANGE: Change = {
  ...{ organizationId: 'o', callId: 'c', version: 3, kind: 'STATE', occurredAt: CALL.offeredAt },
  ...{ dtmf: null, extensionIds: ['e', 'f'], ownerIds: ['u'], call: CALL },
};
const DTMF = { digits: '*7#', sequence: '01', pressedAt: CALL.offeredAt };

test.each<[string, Change]>([
  ['with a call', CHANGE],
  [
    'whose call has texts of several lines',
    { ...CHANGE, call: { ...CALL, ani: 'a\nb\u001e"€😀' } },
  ],
  ['of pressed digits', { ...CHANGE, kind: 'DTMF', dtmf: DTMF }],
  ['that its call is gone', { ...CHANGE, kind: 'DELETED', call: null }],
])('a change %s is the same after it was a text', (_, change) => {
  const entry = entryOf(AT, change);

  const again = unpacked(AT, packed(entry).join(''));

  expect(again.at).toEqual(AT);
  expect(again.message.position).toBe(entry.message.position);
  expect(JSON.parse(JSON.stringify(again.message.change))).toEqual(change);
});
