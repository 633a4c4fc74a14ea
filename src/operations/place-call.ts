import { sql } from 'drizzle-orm';
import type { Carrier } from '../fleet/carrier.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { JsonObject } from '../model/json.ts';
import { isCallerName } from '../model/phone-number.ts';
import { firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtension, findExtensionById } from './find-extension.ts';
import { callIdOf } from './new-call.ts';
import { commanding, settling } from './switches.ts';
import { targetOf } from './target-of.ts';
import { checkUserData, withoutNulls } from './user-data-rules.ts';

export interface PlaceInput {
  /** `@me`, `@viewer`, `@owner` or a user's number; null means whatever the caller sees. */
  readonly owner?: string | null | undefined;
  /** The extension that calls, in full or short form; or its id. */
  readonly extension?: string | null | undefined;
  readonly extensionId?: string | null | undefined;
  /** An extension of the organization in full or short form, or an outside number. */
  readonly to: string;
  readonly userData?: JsonObject | null | undefined;
  /** Until it is answered; null leaves it to the switch. */
  readonly ringSeconds?: number | null | undefined;
  /** Shown for the caller, where the switch can. */
  readonly callerName?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Places a call from an extension; answers when the switch has begun it. */
export const placeCall = (context: Context, input: PlaceInput) =>
  runCommand(context, {
    operation: 'placeCall',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<CallReceipt> => {
      const from = await callerOf(context, input);
      // Nobody sits at a queue or a mailbox; some switches would ring whoever waits there.
      if (from.kind !== 'TERMINAL') throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
      const userData = input.userData ?? {};
      checkUserData(withoutNulls(userData));
      checkManner(input);
      const { callee, ...target } = await targetOf(context, from.organizationId, input.to);
      if (callee?.id === from.id) {
        throw new GatewayError('BAD_INPUT', 'An extension cannot call itself.');
      }
      const carrier = await placerOf(context, from);
      const ref = await commanding(
        carrier.commands.place({
          organizationId: from.organizationId,
          from: from.number,
          ...target,
          userData,
          ringSeconds: input.ringSeconds ?? null,
          callerName: input.callerName ?? null,
        }),
      );
      await settling(carrier);
      const callId = await callIdOf(context, carrier, ref);
      touched.push(callId);
      return { callId };
    },
  });

function checkManner({ ringSeconds, callerName }: PlaceInput) {
  if (typeof ringSeconds === 'number' && (ringSeconds < 1 || ringSeconds > 300)) {
    throw new GatewayError('BAD_INPUT', '`ringSeconds` takes 1 to 300.');
  }
  if (typeof callerName === 'string' && !isCallerName(callerName)) {
    throw new GatewayError('BAD_INPUT', '`callerName` takes 1 to 64 characters that can be shown.');
  }
}

/** The extension that is to call, named in exactly one way. */
async function callerOf(context: Context, { owner, extension, extensionId }: PlaceInput) {
  if (!extension === !extensionId) {
    throw new GatewayError('BAD_INPUT', 'Name the extension by its number or by its id.');
  }
  return extensionId
    ? findExtensionById(context, extensionId)
    : findExtension(context, extension ?? '', { owner });
}

/**
 * The switch that has the extension, as far as NUMBERS says: never one of another organization, and the likeliest of
 * those that can place calls; of equals the first in the configuration.
 */
async function placerOf({ database, switches }: Context, from: ExtensionView): Promise<Carrier> {
  const organization = await firstRow<{ key: string }>(
    database,
    sql`select key from organizations where id = ${from.organizationId}::uuid`,
  );
  const able = [...switches.values()].filter(
    ({ capabilities, numbers }) =>
      capabilities.has('PLACE') &&
      (numbers.organization ?? organization?.key) === organization?.key,
  );
  const [best] = able.toSorted((a, b) => likelihoodOf(b, from) - likelihoodOf(a, from));
  if (!best) throw new GatewayError('NOT_SUPPORTED', 'No switch of yours can place calls.');
  return best;
}

function likelihoodOf({ numbers: { extensions, organization } }: Carrier, from: ExtensionView) {
  const isIts = extensions !== null && from.number.startsWith(extensions);
  const isOfOthers = extensions !== null && !isIts;
  return (isIts ? 4 : 0) - (isOfOthers ? 2 : 0) + (organization === null ? 0 : 1);
}
