import { type Entry, entryOf } from '../../src/feed/entry.ts';
import type { Look } from '../../src/feed/log.ts';
import type { Position } from '../../src/feed/position.ts';
import { CALL } from './call-view.ts';

/** The place of an entry with this number. */
export const at = (id: number): Position => ({ epoch: 'one', xid: BigInt(id), id: BigInt(id) });

/** A change of a call with so many characters of user data. */
export function entry(id: number, characters: number): Entry {
  const call = { ...CALL, userData: { note: 'n'.repeat(characters) } };
  return entryOf(at(id), {
    ...{ organizationId: 'o', callId: CALL.id, version: id, kind: 'STATE', call },
    ...{ occurredAt: CALL.offeredAt, dtmf: null, extensionIds: [], ownerIds: [] },
  });
}

/** What a look gives that found these. */
export function lookAt(entries: readonly Entry[]): Look {
  const head = entries.at(-1)?.at ?? at(0);
  const horizon = head.xid + 1n;
  return { entries, head, end: head, oldest: at(0), horizon, future: horizon, blocked: false };
}
