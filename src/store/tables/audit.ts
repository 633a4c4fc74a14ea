import {
  bigint,
  index,
  jsonb,
  primaryKey,
  snakeCase,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../model/json.ts';
import { organizations } from './accounts.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/**
 * Who did what to what, through which dialect, with which result. Never content that was deleted. Append-only: the
 * entries of an organization are a chain, each with the hash of the one before; triggers link them and refuse changes.
 */
export const auditEntries = snakeCase.table(
  'audit_entries',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    occurredAt: moment().notNull().defaultNow(),
    organizationId: uuid().notNull(),
    /** Null when Tandem itself did what somebody had asked for before, or the command line exported. */
    userId: uuid(),
    appId: uuid(),
    /** `graphql`, `voipnow`, `genesys` or `verba`; `tandem` for what it did itself. */
    dialect: text().notNull(),
    operation: text().notNull(),
    /** Ids of what it was done to, of an export also how many; empty when it was refused before anything was found. */
    subjects: text().array().notNull(),
    /** `OK`, `REPEATED`, `BROKEN_OFF`, or the code of the refusal. */
    result: text().notNull(),
    requestId: text().notNull(),
    /** The place in the organization's chain, from 1 on. */
    sequence: bigint({ mode: 'number' }).notNull(),
    previousHash: text().notNull(),
    /** SHA-256 of all of the above. */
    hash: text().notNull(),
  },
  (entry) => [
    index().on(entry.organizationId, entry.id),
    uniqueIndex().on(entry.organizationId, entry.sequence),
  ],
);

/** Where each organization's chain ends: a last entry that is taken away is missed here. */
export const auditHeads = snakeCase.table('audit_heads', {
  organizationId: uuid().primaryKey(),
  sequence: bigint({ mode: 'number' }).notNull(),
  hash: text().notNull(),
});

/** First answers to mutations with an idempotency key: ids alone, kept for 24 hours. */
export const idempotencyKeys = snakeCase.table(
  'idempotency_keys',
  {
    userId: uuid().notNull(),
    key: text().notNull(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    operation: text().notNull(),
    inputHash: text().notNull(),
    /** Null while the first request is under way. */
    result: jsonb().$type<JsonObject>(),
    /** What the first request was done to, for the audit entries of those that repeat it. */
    subjects: text().array(),
    createdAt: moment().notNull().defaultNow(),
  },
  (entry) => [primaryKey({ columns: [entry.userId, entry.key] }), index().on(entry.createdAt)],
);
