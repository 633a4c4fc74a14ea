import type { CallState } from '../../model/call.ts';
import type { JsonObject } from '../../model/json.ts';
import type { SwitchCall, SwitchParty } from '../connector.ts';
import { parseUserData } from '../user-data.ts';
import { type CallRecord, userDataLeg } from './call-record.ts';
import { PLACED } from './channel.ts';
import { endOf } from './ending.ts';
import { type Leg, partyOfLeg } from './leg.ts';
import { recordingOf } from './recording.ts';

/** The call as the rest of Tandem sees it. */
export function callOf(record: CallRecord, epoch: string): SwitchCall {
  const { legs, placed, answeredAt, endedAt } = record;
  const parties = partiesOf(record);
  const callee = parties[1]?.number ?? null;
  const organizationId = legs.find((leg) => leg.organizationId)?.organizationId ?? null;
  return {
    epoch,
    nativeId: record.nativeId,
    organizationId: placed?.organizationId ?? organizationId,
    state: callState(record, parties),
    ani: placed?.from ?? parties[0]?.number ?? null,
    dnis: record.dnis ?? callee,
    parties,
    userData: userDataOf(record),
    identifiers: identifiersOf(legs),
    recordingState: recordingOf(record),
    consultOf: null,
    offeredAt: legs[0]?.createdAt ?? '',
    answeredAt,
    endedAt,
    end: endedAt === null ? null : endOf(record),
  };
}

/** What is no JSON object counts as none. */
export const userDataOf = (record: CallRecord): JsonObject =>
  parseUserData(userDataLeg(record)?.userDataText ?? '') ?? {};

function callState(
  { answeredAt, endedAt }: CallRecord,
  parties: readonly SwitchParty[],
): CallState {
  const has = (state: CallState) => parties.some((party) => party.state === state);
  if (endedAt !== null) return 'ENDED';
  if (answeredAt !== null) return has('HELD') ? 'HELD' : 'CONNECTED';
  return parties.slice(1).some(({ state }) => state === 'RINGING') ? 'RINGING' : 'DIALING';
}

/** In the order of the legs. A placed call has its callee before Asterisk has a channel for it. */
function partiesOf({ legs, placed, nativeId, endedAt }: CallRecord): SwitchParty[] {
  const known = [placed?.from, placed?.to];
  const parties = legs.map((leg, index) =>
    leg.isListener
      ? partyOfLeg({ ...leg, leftAt: leg.leftAt ?? endedAt }, 'LISTENER', null)
      : partyOfLeg(leg, index === 0 ? 'CALLER' : 'CALLEE', known[index] ?? null),
  );
  const [caller, callee = placed && expectedCallee(placed.to, endedAt), ...rest] = parties;
  if (!caller || !callee || !nativeId.startsWith(PLACED)) return parties;
  // One and the same party, before and after, has one name.
  return [caller, { ...callee, nativeId: `${nativeId}-callee` }, ...rest];
}

/** Until the caller's phone is answered, nobody is called; but it is known who will be. */
const expectedCallee = (number: string, leftAt: string | null): SwitchParty => ({
  nativeId: '',
  role: 'CALLEE',
  number,
  name: null,
  state: leftAt === null ? 'DIALING' : 'ENDED',
  ringingAt: null,
  answeredAt: null,
  heldAt: null,
  leftAt,
});

function identifiersOf(legs: readonly Leg[]): SwitchCall['identifiers'] {
  const talking = legs.filter(({ isListener }) => !isListener);
  const callIds = talking.map(({ channel }) => channel.protocol_id ?? '').filter(Boolean);
  return [...new Set(callIds)].map((value) => ({ scheme: 'SIP', value }));
}
