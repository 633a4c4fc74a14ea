import { type Capability, SwitchError, type SwitchErrorCode } from '../connectors/connector.ts';
import type { Carrier } from '../fleet/carrier.ts';
import type { CallView } from '../model/call.ts';
import { type ErrorCode, GatewayError } from '../model/errors.ts';

/** The switches by their ids in the configuration. */
export type Switches = ReadonlyMap<string, Carrier>;

const REFUSALS: Record<SwitchErrorCode, ErrorCode> = {
  CALL_NOT_FOUND: 'SWITCH_FAILED',
  PARTY_NOT_FOUND: 'SWITCH_FAILED',
  AMBIGUOUS_PARTY: 'PARTY_AMBIGUOUS',
  WRONG_STATE: 'WRONG_STATE',
  UNSUPPORTED: 'NOT_SUPPORTED',
  INVALID_ARGUMENT: 'BAD_INPUT',
  LINK_DOWN: 'SWITCH_UNAVAILABLE',
  TIMEOUT: 'SWITCH_TIMEOUT',
  SWITCH_ERROR: 'SWITCH_FAILED',
};

/** The switch that carries a call, and what it calls it. Refuses when there is none, or it cannot do this. */
export function carrierOf(switches: Switches, call: CallView, capability: Capability) {
  const carrier = call.connector === null ? undefined : switches.get(call.connector);
  if (!carrier || call.epoch === null || call.nativeId === null) {
    throw new GatewayError('NOT_SUPPORTED', 'No switch of this server carries the call.');
  }
  if (!carrier.capabilities.has(capability)) throw new GatewayError('NOT_SUPPORTED');
  return { carrier, ref: { epoch: call.epoch, nativeId: call.nativeId } };
}

/** Whether the call's user data lives on a switch, too. */
export const hasUserData = (switches: Switches, call: CallView) =>
  call.state !== 'ENDED' &&
  switches.get(call.connector ?? '')?.capabilities.has('USER_DATA') === true;

/** Runs a command; a switch's no becomes a refusal. */
export async function commanding<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw error instanceof SwitchError ? refusalOf(error) : error;
  }
}

/**
 * Waits until all that the switch has said so far is written, after a command. When that cannot be known, the
 * command may have had its effect all the same.
 */
export async function settling(carrier: Carrier): Promise<void> {
  try {
    await carrier.settled();
  } catch (error) {
    throw error instanceof SwitchError
      ? new GatewayError('SWITCH_TIMEOUT', undefined, { cause: error })
      : error;
  }
}

/** A switch is silent, and not it but Tandem says so: with its id and address, which are the operator's alone. */
const SILENT: readonly SwitchErrorCode[] = ['LINK_DOWN', 'TIMEOUT'];

/** A switch's no in our words. */
function refusalOf(error: SwitchError) {
  const { code, message } = error;
  const words = SILENT.includes(code) ? undefined : `The switch says: ${message}`;
  return new GatewayError(REFUSALS[code], words, { cause: error });
}
