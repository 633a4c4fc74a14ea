import type { Capability } from '../connectors/connector.ts';
import type { CallState, CallView } from '../model/call.ts';
import type { Context } from './context.ts';
import { legToCommand } from './leg-to-command.ts';

/** What can be done with a call; never one that would fail. */
export const CALL_CAPABILITIES = [
  'ANSWER',
  'HANGUP',
  'HOLD',
  'RETRIEVE',
  'SEND_DTMF',
  'TRANSFER',
  'ATTACH_USER_DATA',
  'UPDATE_USER_DATA',
  'DELETE_USER_DATA',
  'DELETE_USER_DATA_PAIR',
  'DELETE',
] as const;
export type CallCapability = (typeof CALL_CAPABILITIES)[number];

/** What a switch must be capable of, and the states in which it makes sense. */
const CONTROLS: Partial<Record<CallCapability, { needs: Capability; in: readonly CallState[] }>> = {
  ANSWER: { needs: 'ANSWER', in: ['RINGING'] },
  HANGUP: { needs: 'HANGUP', in: ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] },
  HOLD: { needs: 'HOLD', in: ['CONNECTED'] },
  RETRIEVE: { needs: 'HOLD', in: ['HELD'] },
  SEND_DTMF: { needs: 'SEND_DTMF', in: ['CONNECTED'] },
  TRANSFER: { needs: 'TRANSFER', in: ['CONNECTED'] },
};

/** The leg that these work on must be the caller's to command. */
const LEGS: Partial<Record<CallCapability, CallState>> = {
  ANSWER: 'RINGING',
  HOLD: 'CONNECTED',
  RETRIEVE: 'HELD',
  TRANSFER: 'CONNECTED',
};

/** What a legal hold forbids. */
const KEPT_BY_HOLD: readonly CallCapability[] = [
  'DELETE',
  'DELETE_USER_DATA',
  'DELETE_USER_DATA_PAIR',
];

/** What this principal can do with the call as it stands, on the switch that carries it. */
export function capabilitiesOf(context: Context, call: CallView): CallCapability[] {
  const carrier = context.switches.get(call.connector ?? '');
  return CALL_CAPABILITIES.filter((capability) => {
    if (KEPT_BY_HOLD.includes(capability) && call.heldForLegal) return false;
    if (capability === 'DELETE') return true;
    const control = CONTROLS[capability];
    if (!control) return true;
    const leg = LEGS[capability];
    if (leg && !legToCommand(context, call, leg)) return false;
    return control.in.includes(call.state) && carrier?.capabilities.has(control.needs) === true;
  });
}
