import type { Capability, PlaceRequest } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { JsonObject } from '../model/json.ts';
import { isCallerName } from '../model/phone-number.ts';
import type { Context } from './context.ts';
import { callIdOf } from './new-call.ts';
import { switchOf } from './switch-of.ts';
import { commanding, settling } from './switches.ts';
import { checkUserData, pairsOf } from './user-data-rules.ts';

/** How a new call is to be, whoever begins it. */
export interface Manner {
  readonly userData?: JsonObject | null | undefined;
  /** Until it is answered; null leaves it to the switch. */
  readonly ringSeconds?: number | null | undefined;
  /** From its beginning until the switch ends it; null leaves it to the switch. */
  readonly maxSeconds?: number | null | undefined;
  /** Shown for the caller, where the switch can. */
  readonly callerName?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** A day: what is longer is no wish, but a mistake. */
const LONGEST_SECONDS = 86_400;

/** Refuses a manner that no call can have. */
export function checkManner({ userData, ringSeconds, maxSeconds, callerName }: Manner): void {
  checkUserData(pairsOf(userData ?? {}));
  if (typeof ringSeconds === 'number' && (ringSeconds < 1 || ringSeconds > 300)) {
    throw new GatewayError('BAD_INPUT', '`ringSeconds` takes 1 to 300.');
  }
  if (typeof maxSeconds === 'number' && (maxSeconds < 1 || maxSeconds > LONGEST_SECONDS)) {
    throw new GatewayError('BAD_INPUT', `\`maxSeconds\` takes 1 to ${LONGEST_SECONDS}.`);
  }
  if (typeof callerName === 'string' && !isCallerName(callerName)) {
    throw new GatewayError('BAD_INPUT', '`callerName` takes 1 to 64 characters that can be shown.');
  }
}

type Ends = Pick<PlaceRequest, 'from' | 'fromExtension' | 'to' | 'toExtension'>;

/** Has the switch of an extension begin a call; gives the call's id when it is recorded. */
export async function beginCall(
  context: Context,
  of: ExtensionView,
  { ends, manner, needs }: { ends: Ends; manner: Manner; needs: Capability },
): Promise<string> {
  const carrier = await switchOf(context, of, needs);
  if (!carrier) throw new GatewayError('NOT_SUPPORTED', 'No switch of yours can place such calls.');
  const ref = await commanding(
    carrier.commands.place({
      organizationId: of.organizationId,
      ...ends,
      userData: manner.userData ?? {},
      ringSeconds: manner.ringSeconds ?? null,
      maxSeconds: manner.maxSeconds ?? null,
      callerName: manner.callerName ?? null,
    }),
  );
  await settling(carrier);
  return callIdOf(context, carrier, ref);
}
