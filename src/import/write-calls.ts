import { v7 as uuid } from 'uuid';
import { callIdentifiers, calls, participants } from '../store/tables/calls.ts';
import type { Entry, Write } from './entry.ts';
import { insertRows } from './insert-rows.ts';
import { extensionOf, type Found, organizationOf } from './references.ts';

/** A call's entry, its new id and its organization's. */
interface Placed extends Entry<'call'> {
  readonly id: string;
  readonly organizationId: string;
}

/** Writes calls with their participants and identifiers. The log gets nothing: history is no news. */
export const writeCalls: Write<'call'> = async ({ tx, found, fault }, entries) => {
  const placed = entries.map((entry) => ({
    ...entry,
    id: uuid(),
    organizationId: found.idOf(organizationOf(entry.record.organization)),
  }));
  await insertRows(tx, calls, placed.map(callRow));
  await insertRows(
    tx,
    participants,
    placed.flatMap((call) => participantRows(call, found)),
  );
  const identifiers = placed.flatMap(identifierRows);
  const inserted = await insertRows(tx, callIdentifiers, identifiers, RETURNED);
  tellTaken(placed, inserted, fault);
};

const RETURNED = ['callId', 'scheme', 'value'] as const;

const callRow = ({ id, organizationId, record }: Placed) => ({
  ...{ id, organizationId, state: record.state, direction: record.direction },
  ...{ callType: record.callType, ani: record.ani ?? null, dnis: record.dnis ?? null },
  ...{ offeredAt: record.offeredAt, answeredAt: record.answeredAt ?? null },
  ...{ endedAt: record.endedAt ?? null, disposition: record.disposition ?? null },
  ...{ q850Cause: record.q850Cause ?? null, endedBy: record.endedBy ?? null },
  ...{ recordingState: record.recordingState, heldForLegal: record.heldForLegal },
  userData: record.userData && Object.keys(record.userData).length > 0 ? record.userData : null,
});

/** A number that is an extension's is no proof that it was that extension: only what the file says is. */
const participantRows = ({ id, organizationId, record }: Placed, found: Found) =>
  record.participants.map((leg, index) => ({
    ...{ callId: id, sequence: String(index).padStart(2, '0'), organizationId, role: leg.role },
    ...{ number: leg.number ?? null, name: leg.name ?? null },
    extensionId: leg.extension ? found.idOf(extensionOf(record.organization, leg.extension)) : null,
    ...{ state: leg.state ?? record.state, muted: leg.muted, ringingAt: leg.ringingAt ?? null },
    ...{ answeredAt: leg.answeredAt ?? null, heldAt: leg.heldAt ?? null },
    ...{ leftAt: leg.leftAt ?? null, disposition: leg.disposition ?? null },
    offeredAt: record.offeredAt,
  }));

const identifierRows = ({ id, organizationId, record }: Placed) =>
  record.identifiers.map(({ scheme, value }) => ({ organizationId, scheme, value, callId: id }));

function tellTaken(
  placed: readonly Placed[],
  inserted: readonly { callId: string; scheme: string; value: string }[],
  fault: (line: number, message: string) => void,
) {
  const own = new Set(inserted.map(({ callId, scheme, value }) => `${callId}${scheme} ${value}`));
  for (const { id, line, record } of placed) {
    for (const { scheme, value } of record.identifiers) {
      if (own.has(`${id}${scheme} ${value}`)) continue;
      fault(line, `the identifier ${scheme} "${value}" is another call's already`);
    }
  }
}
