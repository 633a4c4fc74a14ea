import { sql } from 'drizzle-orm';
import { GatewayError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import { firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtension } from './find-extension.ts';
import { commanding, settling } from './switches.ts';
import { targetOf } from './target-of.ts';
import { checkUserData, withoutNulls } from './user-data-rules.ts';

export interface PlaceInput {
  /** The extension that calls, in full or short form. */
  readonly extension: string;
  /** An extension of the organization in full or short form, or an outside number. */
  readonly to: string;
  readonly userData?: JsonObject | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Places a call from an extension; answers when the switch has begun it. */
export const placeCall = (context: Context, input: PlaceInput) =>
  runCommand(context, {
    operation: 'placeCall',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<CallReceipt> => {
      const from = await findExtension(context, input.extension);
      const userData = input.userData ?? {};
      checkUserData(withoutNulls(userData));
      const { callee, ...target } = await targetOf(context, from.organizationId, input.to);
      if (callee?.id === from.id) {
        throw new GatewayError('BAD_INPUT', 'An extension cannot call itself.');
      }
      const [connector, carrier] = placerOf(context);
      const ref = await commanding(
        carrier.commands.place({
          organizationId: from.organizationId,
          from: from.number,
          ...target,
          userData,
        }),
      );
      await settling(carrier);
      const find = () =>
        firstRow<{ id: string }>(
          context.database,
          sql`select id from calls
            where connector = ${connector} and epoch = ${ref.epoch} and native_id = ${ref.nativeId}`,
        );
      // Its event may be late, or lost: the switch's own list tells.
      const row = (await find()) ?? (await carrier.resync().then(find, find));
      if (!row) {
        throw new GatewayError('SWITCH_FAILED', 'The switch began a call and never told of it.');
      }
      touched.push(row.id);
      return { callId: row.id };
    },
  });

/** The first switch in the configuration that is capable of placing calls. */
function placerOf({ switches }: Context) {
  const able = [...switches].find(([, { capabilities }]) => capabilities.has('PLACE'));
  if (!able) throw new GatewayError('NOT_SUPPORTED', 'No switch of this server can place calls.');
  return able;
}
