import { v7 as uuid } from 'uuid';
import { shortNumberOf } from '../model/extension.ts';
import { mayHaveEvents } from '../model/phone-call-event.ts';
import { extensions, phoneCallEvents } from '../store/tables/extensions.ts';
import { tellCollisions, type Write } from './entry.ts';
import { insertRows } from './insert-rows.ts';
import { extensionOf, organizationOf, userOf } from './references.ts';

/** Writes extensions. */
export const writeExtensions: Write<'extension'> = async ({ tx, found, fault }, entries) => {
  const rows = entries.map(({ record }) => ({
    id: record.id ?? uuid(),
    organizationId: found.idOf(organizationOf(record.organization)),
    number: record.number,
    shortNumber: record.shortNumber ?? shortNumberOf(record.number),
    kind: record.kind,
    label: record.label ?? null,
    ownerId: record.owner ? found.idOf(userOf(record.organization, record.owner)) : null,
  }));
  const inserted = await insertRows(tx, extensions, rows, ['id']);
  tellCollisions(entries, rows, inserted, 'id', ({ line, record }) => {
    fault(line, `the extension "${record.number}" is there already`);
  });
};

/** Writes rules, in the order in which the file has them. */
export const writePhoneCallEvents: Write<'phoneCallEvent'> = async (writing, entries) => {
  const { tx, found, fault } = writing;
  const now = new Date().toISOString();
  const rows = entries.map(({ line, record }) => {
    const extension = extensionOf(record.organization, record.extension);
    const kind = found.kindOf(extension);
    if (kind && !mayHaveEvents(kind)) fault(line, `an extension of kind ${kind} has no events`);
    return {
      rowId: uuid(),
      organizationId: found.idOf(organizationOf(record.organization)),
      extensionId: found.idOf(extension),
      id: record.id,
      type: record.eventType,
      method: record.method,
      url: record.url,
      status: record.status,
      note: record.note ?? null,
      modifiedAt: record.modifiedAt ?? now,
    };
  });
  const inserted = await insertRows(tx, phoneCallEvents, rows, ['rowId']);
  tellCollisions(entries, rows, inserted, 'rowId', ({ line, record }) => {
    fault(line, `the phone call event "${record.id}" is there already`);
  });
};
