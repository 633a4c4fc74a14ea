import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  snakeCase,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  DELIVERY_STATES,
  type DeliveryAttempt,
  type EventParameters,
} from '../../model/event-delivery.ts';
import { organizations } from './accounts.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });
/** To be compared with the clock of Postgres: rounded, it would lie after a moment that has come. */
const exactMoment = () => timestamp({ withTimezone: true, mode: 'string' });

/**
 * Firings of rules, written in the transaction of the change that fired them: the record and the queue at once.
 * Those of one call to one receiver are a lane: its first PENDING row alone is sent.
 */
export const eventDeliveries = snakeCase.table(
  'event_deliveries',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    eventRowId: uuid().notNull(),
    callId: uuid().notNull(),
    /** The order of firing; one that is sent again comes last. */
    position: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Scheme, host and port of the rule's URL. */
    receiver: text().notNull(),
    parameters: jsonb().$type<EventParameters>().notNull(),
    state: text({ enum: DELIVERY_STATES }).notNull().default('PENDING'),
    /** When it may be sent; infinity while its rule is disabled or suspended. Being sent, it is due when that has failed. */
    dueAt: exactMoment().notNull().defaultNow(),
    /** How often it was taken to be sent: whoever took it last may write the result. */
    tries: integer().notNull().default(0),
    /** How often it has failed since `retryingSince`. */
    failures: integer().notNull().default(0),
    /** When it was tried first, at all or since it was resumed; null before. */
    retryingSince: exactMoment(),
    attempts: jsonb().$type<readonly DeliveryAttempt[]>().notNull().default([]),
    createdAt: moment().notNull().defaultNow(),
    deliveredAt: moment(),
  },
  (delivery) => [
    index().on(delivery.eventRowId, delivery.createdAt),
    index().on(delivery.callId),
    index('event_deliveries_due_index')
      .on(delivery.organizationId, delivery.receiver, delivery.dueAt)
      .where(sql`${delivery.state} = 'PENDING'`),
    index('event_deliveries_lane_index')
      .on(delivery.callId, delivery.receiver, delivery.position)
      .where(sql`${delivery.state} = 'PENDING'`),
    index('event_deliveries_suspended_index')
      .on(delivery.eventRowId)
      .where(sql`${delivery.state} = 'SUSPENDED'`),
    index('event_deliveries_delivered_index')
      .on(delivery.deliveredAt)
      .where(sql`${delivery.state} = 'DELIVERED'`),
  ],
);

/** What an organization's requests to receivers are signed with. */
export const webhookSecrets = snakeCase.table('webhook_secrets', {
  organizationId: uuid()
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  /** In the form of Standard Webhooks, `whsec_...`: it has to sign, so it is kept as it is. */
  secret: text().notNull(),
  /** The one before, which signs as well until a day after the change; null when there was none. */
  previous: text(),
  changedAt: moment().notNull().defaultNow(),
});
