import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import { firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { type EventReceipt, extensionFor, type Place } from './phone-call-events.ts';
import { sendWaiting } from './waiting-deliveries.ts';

export type ResumeInput = Place & { readonly eventId: string };

/** The rule's row id, and how many firings are sent because of it. */
export type ResumeReceipt = EventReceipt & { readonly resumed: number };

/** Ends the suspension of a rule and of what it has fired; one that is not suspended is no error. */
export const resumePhoneCallEvent = (context: Context, input: ResumeInput) =>
  runCommand(context, {
    operation: 'resumePhoneCallEvent',
    scope: 'MANAGE',
    input,
    run: async (touched, written): Promise<ResumeReceipt> => {
      const extension = await extensionFor(context, input);
      return context.database.transaction(async (tx) => {
        const rule = await firstRow<EventReceipt>(
          tx,
          sql`select row_id as "rowId" from phone_call_events
            where extension_id = ${extension.id}::uuid and id = ${input.eventId} for update`,
        );
        if (!rule) throw new GatewayError('EVENT_NOT_FOUND');
        touched.push(input.eventId);
        const resumed = await sendWaiting(tx, rule.rowId);
        return written(tx, { rowId: rule.rowId, resumed });
      });
    },
  });
