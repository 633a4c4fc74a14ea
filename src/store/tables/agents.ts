import { snakeCase, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { AGENT_STATES } from '../../model/agent.ts';
import { organizations, users } from './accounts.ts';

/** What users do as agents; who is not here is offline. */
export const agents = snakeCase.table('agents', {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  state: text({ enum: AGENT_STATES }).notNull(),
  reason: text(),
  changedAt: timestamp({ withTimezone: true, precision: 3, mode: 'string' }).notNull(),
});
