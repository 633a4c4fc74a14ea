import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  index,
  integer,
  jsonb,
  primaryKey,
  smallint,
  snakeCase,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  CALL_STATES,
  CALL_TYPES,
  DIRECTIONS,
  DISPOSITIONS,
  ENDERS,
  PARTICIPANT_ROLES,
  RECORDING_STATES,
  WATCH_ACTIONS,
} from '../../model/call.ts';
import { IDENTIFIER_SCHEMES } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import { organizations } from './accounts.ts';
import { extensions } from './extensions.ts';
import { xid8 } from './xid8.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/** One row a call. Not here means not there, for anybody. */
export const calls = snakeCase.table(
  'calls',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The switch, its run, and its own id there: together they never name another call. */
    connector: text(),
    epoch: text(),
    nativeId: text(),
    state: text({ enum: CALL_STATES }).notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    callType: text({ enum: CALL_TYPES }).notNull(),
    /** The call about which it consults. */
    parentId: uuid().references((): AnyPgColumn => calls.id, { onDelete: 'set null' }),
    ani: text(),
    dnis: text(),
    offeredAt: moment().notNull(),
    answeredAt: moment(),
    endedAt: moment(),
    disposition: text({ enum: DISPOSITIONS }),
    q850Cause: smallint('q850_cause'),
    endedBy: text({ enum: ENDERS }),
    recordingState: text({ enum: RECORDING_STATES }).notNull().default('STOPPED'),
    /** Since when it is recorded, pauses or not, by the clock of Postgres; null while it is not. */
    recordingSince: moment(),
    userData: jsonb().$type<JsonObject>(),
    /** When user data, or keys of it, were last erased: what a switch was told of before that is not written after it. */
    userDataErasedAt: timestamp({ withTimezone: true, mode: 'string' }),
    /** When what was pressed was last erased: what was heard before that is not written after it. */
    dtmfErasedAt: timestamp({ withTimezone: true, mode: 'string' }),
    /** Grows by one with each change. */
    version: integer().notNull().default(1),
    deletionRequestedAt: moment(),
    /** The user who asked for its deletion. */
    deletionRequestedBy: uuid(),
    /** The erasure or the wish that it was marked for; null when it was named itself. */
    deletionReason: uuid(),
    /** When its end was written, by the clock of Postgres; null of an imported call. */
    endRecordedAt: moment(),
    heldForLegal: boolean().notNull().default(false),
    /** The transaction that ended it, or changed it since: the order in which calls are exported. */
    changedXid: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (call) => [
    uniqueIndex().on(call.connector, call.epoch, call.nativeId),
    index().on(call.organizationId, call.offeredAt, call.id),
    index().on(call.offeredAt, call.id),
    index('calls_live_index').on(call.offeredAt, call.id).where(sql`${call.state} <> 'ENDED'`),
    index('calls_live_of_organization_index')
      .on(call.organizationId, call.offeredAt, call.id)
      .where(sql`${call.state} <> 'ENDED'`),
    index('calls_exported_index')
      .on(call.organizationId, call.changedXid, call.id)
      .where(sql`${call.state} = 'ENDED'`),
    index('calls_parent_index').on(call.parentId).where(sql`${call.parentId} is not null`),
    index('calls_held_index').on(call.organizationId).where(sql`${call.heldForLegal}`),
  ],
);

/** One row a leg. */
export const participants = snakeCase.table(
  'participants',
  {
    callId: uuid()
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** Two digits, `00` first. */
    sequence: text().notNull(),
    organizationId: uuid().notNull(),
    /** The switch's own id of the leg; null for an imported one. */
    nativeId: text(),
    role: text({ enum: PARTICIPANT_ROLES }).notNull(),
    number: text(),
    name: text(),
    extensionId: uuid().references(() => extensions.id, { onDelete: 'set null' }),
    state: text({ enum: CALL_STATES }).notNull(),
    muted: boolean().notNull().default(false),
    ringingAt: moment(),
    answeredAt: moment(),
    heldAt: moment(),
    leftAt: moment(),
    parkedAt: moment(),
    parkedPosition: integer(),
    parkedBy: text(),
    disposition: text({ enum: DISPOSITIONS }),
    /** What rules of its extension have been fired for already: 1 its offer, 2 its answer, 4 its end. */
    milestones: smallint().notNull().default(0),
    /** The call's, repeated here so that an extension's calls are one range of one index. */
    offeredAt: moment().notNull(),
  },
  (participant) => [
    primaryKey({ columns: [participant.callId, participant.sequence] }),
    index().on(participant.extensionId, participant.offeredAt, participant.callId),
    index().on(
      participant.organizationId,
      participant.number,
      participant.offeredAt,
      participant.callId,
    ),
  ],
);

/** Names of a call in other systems; those of imported calls live on. */
export const callIdentifiers = snakeCase.table(
  'call_identifiers',
  {
    organizationId: uuid().notNull(),
    scheme: text({ enum: IDENTIFIER_SCHEMES }).notNull(),
    value: text().notNull(),
    callId: uuid()
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
  },
  (identifier) => [
    primaryKey({ columns: [identifier.organizationId, identifier.scheme, identifier.value] }),
    index().on(identifier.callId),
    /** For those who see every organization. */
    index().on(identifier.scheme, identifier.value),
  ],
);

/** Places in calls that somebody has marked. */
export const callMarkers = snakeCase.table(
  'call_markers',
  {
    id: uuid().primaryKey(),
    organizationId: uuid().notNull(),
    callId: uuid()
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** Milliseconds from the offer of the call. */
    startMs: integer().notNull(),
    /** Null while it is open, and of one that marks a moment. */
    endMs: integer(),
    isOpen: boolean().notNull().default(false),
  },
  (marker) => [index().on(marker.callId, marker.startMs, marker.id)],
);

/** Calls that were deleted while their switch may name them again: kept for its run, without personal data. */
export const deletedCalls = snakeCase.table(
  'deleted_calls',
  {
    connector: text().notNull(),
    epoch: text().notNull(),
    /** SHA-256 of the switch's own id. */
    nameHash: text().notNull(),
  },
  (deleted) => [primaryKey({ columns: [deleted.connector, deleted.epoch, deleted.nameHash] })],
);

/** What is to be done with the next call of a number: Verba's `status=next`. */
export const deletionWatches = snakeCase.table(
  'deletion_watches',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Who asked, when that user sees only its own calls. */
    ownerId: uuid(),
    number: text().notNull(),
    action: text({ enum: WATCH_ACTIONS }).notNull().default('DELETE'),
    /** The name of the marker to be set at the call's beginning. */
    marker: text(),
    /** The user who asked; null of a wish of an earlier version. */
    requestedBy: uuid(),
    /** It is for the first call that is offered from here to `expiresAt`. */
    createdAt: moment().notNull().defaultNow(),
    expiresAt: moment().notNull(),
  },
  (watch) => [index().on(watch.organizationId, watch.number)],
);
