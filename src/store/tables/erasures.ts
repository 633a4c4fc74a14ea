import { index, integer, jsonb, snakeCase, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { ERASURE_STATES, type ErasureCursor } from '../../model/erasure.ts';
import { organizations } from './accounts.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/** Erasures of all that an organization has about a number: one row a job, and its certificate in the end. */
export const erasures = snakeCase.table(
  'erasures',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Who asked for it, and by which name. */
    userId: uuid().notNull(),
    username: text().notNull(),
    state: text({ enum: ERASURE_STATES }).notNull(),
    /** Null once it is done. */
    number: text(),
    /** argon2id of the number without its plus sign, with the key of the setting: who knows both can tell that it was this one. */
    subjectHash: text().notNull(),
    requestedAt: moment().notNull().defaultNow(),
    finishedAt: moment(),
    /** Calls in which the number took part when it was asked for. */
    expected: integer().notNull(),
    erased: integer().notNull().default(0),
    cleared: integer().notNull().default(0),
    held: integer().notNull().default(0),
    /** How far it has come. */
    cursor: jsonb().$type<ErasureCursor>().notNull(),
    /** A JSON text; its SHA-256 is in the audit log. Null until it is done. */
    certificate: text(),
  },
  (erasure) => [index().on(erasure.organizationId, erasure.id), index().on(erasure.state)],
);
