import { index, integer, jsonb, snakeCase, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { LINK_STATES } from '../../model/link.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/** One row a switch: which process has the link to it, and how that link is. */
export const connectorLinks = snakeCase.table('connector_links', {
  connector: text().primaryKey(),
  /** Grows with each owner: what a former one would still write is known by it, and refused. */
  term: integer().notNull(),
  /** A random name of the process; null once it has let go in good order. */
  owner: uuid(),
  link: text({ enum: LINK_STATES }).notNull(),
  since: moment().notNull(),
  lastError: text(),
});

/**
 * Commands on their way to the process that has the link. The migration makes the table UNLOGGED: what is in
 * it is of seconds, and must reach neither the write-ahead log nor a backup.
 */
export const switchCommands = snakeCase.table(
  'switch_commands',
  {
    id: uuid().primaryKey(),
    connector: text().notNull(),
    method: text().notNull(),
    /** The arguments; null as soon as the owner has them. */
    request: jsonb(),
    state: text({ enum: ['QUEUED', 'TAKEN', 'ANSWERED'] }).notNull(),
    /** Of the owner that took it. */
    term: integer(),
    answer: jsonb(),
    queuedAt: moment().notNull().defaultNow(),
    /** What is not taken by then is nobody's any more. */
    takeBefore: moment().notNull(),
    /** What is not begun by then must not be done. */
    beginBefore: moment().notNull(),
    /** When its caller has long been told that nothing is known. */
    forgetAfter: moment().notNull(),
  },
  (command) => [index().on(command.connector, command.queuedAt)],
);
