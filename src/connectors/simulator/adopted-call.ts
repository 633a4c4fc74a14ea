import type { CallState } from '../../model/call.ts';
import type { SwitchCall, SwitchParty } from '../connector.ts';

/** A leg of a ready-made call; what is absent follows from the call. */
export type AdoptedParty = Pick<SwitchParty, 'role' | 'number'> & Partial<SwitchParty>;

/** A ready-made live call; by default it is connected since now. */
export type AdoptedCall = Pick<SwitchCall, 'nativeId'> &
  Partial<Omit<SwitchCall, 'epoch' | 'state' | 'parties' | 'endedAt' | 'end'>> & {
    readonly state?: Exclude<CallState, 'ENDED'>;
    readonly parties: readonly AdoptedParty[];
  };

const isAnswered = (state: CallState) => state === 'CONNECTED' || state === 'HELD';

/** The whole call that a partial one stands for. */
export function adopted(partial: AdoptedCall, epoch: string, at: string): SwitchCall {
  const state = partial.state ?? 'CONNECTED';
  const offeredAt = partial.offeredAt ?? at;
  const numberOf = (role: SwitchParty['role']) =>
    partial.parties.find((party) => party.role === role)?.number ?? null;
  const call = {
    organizationId: null,
    ani: numberOf('CALLER'),
    dnis: numberOf('CALLEE'),
    userData: {},
    identifiers: [],
    recordingState: 'STOPPED' as const,
    consultOf: null,
    answeredAt: isAnswered(state) ? offeredAt : null,
    ...partial,
    epoch,
    state,
    offeredAt,
    endedAt: null,
    end: null,
  };
  return { ...call, parties: partial.parties.map((party, index) => leg(call, party, index)) };
}

const leg = (
  call: Pick<SwitchCall, 'nativeId' | 'state' | 'offeredAt' | 'answeredAt'>,
  party: AdoptedParty,
  index: number,
): SwitchParty => ({
  nativeId: `${call.nativeId}-${index}`,
  name: null,
  state: call.state,
  ringingAt: party.role === 'CALLEE' && call.state !== 'DIALING' ? call.offeredAt : null,
  answeredAt: call.answeredAt,
  heldAt: call.state === 'HELD' ? call.answeredAt : null,
  leftAt: null,
  ...party,
});
