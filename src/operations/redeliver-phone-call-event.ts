import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import { readDeliveries } from '../store/queries/read.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { receiverOf } from './fire-events.ts';

export interface RedeliverInput {
  readonly deliveryId: string;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Sends a firing again, its rule suspended or not; one that was delivered comes last of its lane, which is that of
 * whom the rule requests by now.
 */
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
          retrying_since = null, receiver = coalesce((select ${receiverOf(sql`r.url`)} from phone_call_events r
            where r.row_id = event_row_id), receiver) where ${isIt}`);
        return written(tx, { deliveryId: delivery.id });
      });
    },
  });
