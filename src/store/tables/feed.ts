import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  jsonb,
  primaryKey,
  snakeCase,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { CHANGE_KINDS } from '../../model/call.ts';
import { xid8 } from './xid8.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/**
 * The log of changes, append-only, written in the transaction of each change.
 * Order is (xid, id), read only below the oldest running transaction: nothing can slip in behind a reader.
 */
export const callChanges = snakeCase.table(
  'call_changes',
  {
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    organizationId: uuid().notNull(),
    callId: uuid().notNull(),
    version: integer().notNull(),
    kind: text({ enum: CHANGE_KINDS }).notNull(),
    occurredAt: moment().notNull(),
    /** The call after the change; null once it has been deleted. As text: it is written once and read by every process. */
    state: json(),
    /** What was pressed, of kind DTMF; null when that says that all of it has been erased. */
    dtmf: jsonb(),
    /** Whom it concerns, kept beside the snapshot because a tombstone has none. */
    extensionIds: uuid().array().notNull(),
    ownerIds: uuid().array().notNull(),
  },
  (change) => [
    primaryKey({ columns: [change.xid, change.id] }),
    index().on(change.callId),
    index().on(change.occurredAt),
  ],
);

/** One row: which life of the database this is, and up to where the log has been cut off. */
export const feedState = snakeCase.table('feed_state', {
  single: boolean().primaryKey().default(true),
  incarnation: uuid().notNull().default(sql`gen_random_uuid()`),
  /** Everything up to here is gone. */
  trimmedXid: xid8().notNull().default(sql`'0'::xid8`),
  trimmedId: bigint({ mode: 'number' }).notNull().default(0),
});
