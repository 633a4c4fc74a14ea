import {
  boolean,
  index,
  smallint,
  snakeCase,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { EXTENSION_KINDS } from '../../model/extension.ts';
import { EVENT_METHODS, EVENT_STATUSES } from '../../model/phone-call-event.ts';
import { organizations, users } from './accounts.ts';

/** What can be dialled inside of an organization. */
export const extensions = snakeCase.table(
  'extensions',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** As dialled in full. */
    number: text().notNull(),
    shortNumber: text().notNull(),
    kind: text({ enum: EXTENSION_KINDS }).notNull(),
    label: text(),
    ownerId: uuid().references(() => users.id, { onDelete: 'set null' }),
  },
  (extension) => [
    unique().on(extension.organizationId, extension.number),
    index().on(extension.organizationId, extension.shortNumber),
    index().on(extension.number),
    index().on(extension.ownerId, extension.number),
  ],
);

/** What becomes of calls to a telephone before it rings; of which nothing is said, it rings. */
export const diversions = snakeCase.table('diversions', {
  extensionId: uuid()
    .primaryKey()
    .references(() => extensions.id, { onDelete: 'cascade' }),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  doNotDisturb: boolean().notNull().default(false),
  /** An extension in full, or an outside number. */
  forwardTo: text(),
});

/** VoipNow's PhoneCallEvent: a rule of an extension. Its id is unique in an organization. */
export const phoneCallEvents = snakeCase.table(
  'phone_call_events',
  {
    rowId: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    extensionId: uuid()
      .notNull()
      .references(() => extensions.id, { onDelete: 'cascade' }),
    id: text().notNull(),
    /** VoipNow's number, 0 to 4. */
    type: smallint().notNull(),
    method: text({ enum: EVENT_METHODS }).notNull(),
    url: text().notNull(),
    status: text({ enum: EVENT_STATUSES }).notNull(),
    note: text(),
    /** Since when nothing has been sent any more, for it failed for a day; null while it is sent. */
    suspendedAt: timestamp({ withTimezone: true, precision: 3, mode: 'string' }),
    modifiedAt: timestamp({ withTimezone: true, precision: 3, mode: 'string' })
      .notNull()
      .defaultNow(),
  },
  (event) => [
    uniqueIndex().on(event.organizationId, event.id),
    /** For those who see every organization. */
    index().on(event.id),
    /** The order in which pages and deletions list them: as they were made. */
    index().on(event.extensionId, event.rowId),
  ],
);
