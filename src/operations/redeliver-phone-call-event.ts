import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import { readDeliveries } from '../store/queries/read.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';

export interface RedeliverInput {
  readonly deliveryId: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Sends a firing again, its rule suspended or not; one that was delivered comes last of its lane. */
export const redeliverPhoneCallEvent = (context: Context, input: RedeliverInput) =>
  runCommand(context, {
    operation: 'redeliverPhoneCallEvent',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<{ readonly deliveryId: string }> => {
      const { database, visibility } = context;
      const given = isUuid(input.deliveryId) ? [input.deliveryId] : [];
      const [delivery] = await readDeliveries(database, given, visibility);
      if (!delivery) {
        throw new GatewayError('EVENT_NOT_FOUND', 'No such firing is visible to the caller.');
      }
      touched.push(delivery.id);
      const isIt = sql`id = ${delivery.id}::uuid`;
      return database.transaction(async (tx) => {
        await tx.rows(sql`update event_deliveries set position = default, delivered_at = null
          where ${isIt} and state = 'DELIVERED'`);
        await tx.rows(sql`update event_deliveries set state = 'PENDING', due_at = now(), failures = 0,
          retrying_since = null where ${isIt}`);
        return written(tx, { deliveryId: delivery.id });
      });
    },
  });
