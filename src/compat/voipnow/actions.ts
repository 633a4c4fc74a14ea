import { z } from 'zod';
import { isDialable } from '../../model/phone-number.ts';
import type { Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { action, isAction } from './action.ts';
import { CALL } from './call-resource.ts';
import { CALLER_OF_ACTION } from './caller-id.ts';
import { Fault } from './fault.ts';
import { numberIn, orBare, text } from './payload.ts';

const OnHold = graphql(`
  mutation VoipnowOnHold($input: HoldCallInput!) { holdCall(input: $input) { call { ${CALL} } } }
`);
const OffHold = graphql(`
  mutation VoipnowOffHold($input: RetrieveCallInput!) { retrieveCall(input: $input) { call { ${CALL} } } }
`);
const Transfer = graphql(`
  mutation VoipnowTransfer($input: TransferCallInput!) { transferCall(input: $input) { call { ${CALL} } } }
`);
const PickUp = graphql(`
  mutation VoipnowPickUp($input: RedirectCallInput!) { redirectCall(input: $input) { call { ${CALL} } } }
`);
const BargeIn = graphql(`
  mutation VoipnowBargeIn($input: BargeIntoCallInput!) { bargeIntoCall(input: $input) { call { ${CALL} } } }
`);
const Monitor = graphql(`
  mutation VoipnowMonitor($input: MonitorCallInput!) { monitorCall(input: $input) { call { ${CALL} } } }
`);
const Whisper = graphql(`
  mutation VoipnowWhisper($input: WhisperToCallInput!) { whisperToCall(input: $input) { call { ${CALL} } } }
`);
const Park = graphql(`
  mutation VoipnowPark($input: ParkCallInput!) { parkCall(input: $input) { call { ${CALL} } } }
`);
const UnPark = graphql(`
  mutation VoipnowUnPark($input: UnparkCallInput!) { unparkCall(input: $input) { call { ${CALL} } } }
`);
const StartRecording = graphql(`
  mutation VoipnowStartRecording($input: StartRecordingInput!) { startRecording(input: $input) { call { ${CALL} } } }
`);
const StopRecording = graphql(`
  mutation VoipnowStopRecording($input: StopRecordingInput!) { stopRecording(input: $input) { call { ${CALL} } } }
`);

const VIEW_RULE = 'must be the id of a view of the call, such as 00';
const digits = z.string({ error: VIEW_RULE }).regex(/^\d{1,3}$/, { error: VIEW_RULE });
const number = z
  .int({ error: VIEW_RULE })
  .min(0, { error: VIEW_RULE })
  .max(999, { error: VIEW_RULE });
const phoneCallViewId = z
  .union([digits, number], { error: VIEW_RULE })
  .describe('A view of the call; which leg is meant is the extension’s in the path.');
const TO_RULE = 'must be an extension, or a number that can be dialled';
const sendCallTo = orBare(text(TO_RULE), TO_RULE)
  .refine(isDialable, { error: TO_RULE })
  .describe('Who is to get the call.');
const waitForPickup = numberIn(1, 3600).nullish().describe('Has no effect.');
const format = z
  .enum(['wav', 'wav49'], { error: 'must be wav or wav49' })
  .nullish()
  .describe('Left to the switch.');

const PARTY_RULE = 'must be the number of a party of the call';
const party = orBare(text(PARTY_RULE), PARTY_RULE)
  .refine(isDialable, { error: PARTY_RULE })
  .nullish();

const OfView = z.object({ phoneCallViewId });
const Rung = OfView.extend({ sendCallTo, waitForPickup, ...CALLER_OF_ACTION });
const Supervising = Rung.extend({
  sendCallTo: sendCallTo.describe('The phone that is rung: a terminal that the user may use.'),
});
const PRIVATE_RULE = 'must be 0 or 1';
const Unparking = Rung.extend({
  phoneCallViewId: phoneCallViewId.describe(
    'The view that is parked, or the one with which it was parked.',
  ),
  sendCallTo: sendCallTo.describe('The phone that is rung: a terminal of the call’s organization.'),
});
const Whispering = Supervising.extend({
  private: z
    .union([z.enum(['0', '1']), z.literal(0), z.literal(1)], { error: PRIVATE_RULE })
    .nullish()
    .describe('1: whoever whispers does not hear the call. 0 by default.'),
});
const Moved = z.object({
  sendCallTo,
  phoneCallViewId: phoneCallViewId.optional(),
  transferFromNumber: party.describe('Who transfers; the path’s extension by default.'),
  transferNumber: party.describe('Who is transferred.'),
});

/** Update PhoneCalls: rows for each action that the schema has a mutation for. */
export const actionRoutes: readonly Route[] = [
  ...action({
    ...{ operation: 'OnHold', body: OfView, document: OnHold },
    variables: (on) => ({ input: on }),
    callOf: ({ holdCall }) => holdCall.call,
  }),
  ...action({
    ...{ operation: 'OffHold', body: OfView, document: OffHold },
    variables: (on) => ({ input: on }),
    callOf: ({ retrieveCall }) => retrieveCall.call,
  }),
  ...action({
    ...{ operation: 'Transfer', body: Moved, document: Transfer },
    variables: (on, body) => ({ input: { ...on, to: body.sendCallTo } }),
    callOf: ({ transferCall }) => transferCall.call,
  }),
  ...action({
    ...{ operation: 'TransferToVoicemail', body: Moved, document: Transfer },
    variables: (on, body) => ({ input: { ...on, to: body.sendCallTo, toVoicemail: true } }),
    callOf: ({ transferCall }) => transferCall.call,
  }),
  ...action({
    operation: 'Park',
    body: OfView.extend({
      maxInParking: numberIn(10, 3600).nullish().describe('Seconds; 180 by default.'),
    }),
    document: Park,
    variables: (on, { maxInParking = null }) => ({ input: { ...on, returnSeconds: maxInParking } }),
    callOf: ({ parkCall }) => parkCall.call,
  }),
  ...action({
    ...{ operation: 'UnPark', body: Unparking, document: UnPark, mayHaveLeft: true },
    variables: ({ identifier }, body) => ({
      input: { identifier, to: body.sendCallTo, onlyTerminal: true },
    }),
    callOf: ({ unparkCall }) => unparkCall.call,
  }),
  ...action({
    ...{ operation: 'BargeIn', body: Supervising, document: BargeIn },
    variables: (on, body) => ({ input: { ...on, to: body.sendCallTo } }),
    callOf: ({ bargeIntoCall }) => bargeIntoCall.call,
  }),
  ...action({
    ...{ operation: 'Monitor', body: Supervising, document: Monitor },
    variables: (on, body) => ({ input: { ...on, to: body.sendCallTo } }),
    callOf: ({ monitorCall }) => monitorCall.call,
  }),
  ...action({
    ...{ operation: 'Whisper', body: Whispering, document: Whisper },
    variables: (on, body) => ({
      input: { ...on, to: body.sendCallTo, withoutHearing: String(body.private ?? 0) === '1' },
    }),
    callOf: ({ whisperToCall }) => whisperToCall.call,
  }),
  ...action({
    ...{ operation: 'PickUp', body: Rung, document: PickUp },
    variables: (on, body) => ({ input: { ...on, to: body.sendCallTo } }),
    callOf: ({ redirectCall }) => redirectCall.call,
  }),
  ...action({
    operation: 'StartRecording',
    body: OfView.extend({ format }),
    document: StartRecording,
    variables: (on) => ({ input: on }),
    callOf: ({ startRecording }) => startRecording.call,
  }),
  ...action({
    ...{ operation: 'StopRecording', body: OfView, document: StopRecording },
    variables: (on) => ({ input: on }),
    callOf: ({ stopRecording }) => stopRecording.call,
  }),
];

/** The action that a body names (PhoneCallAction); one that is none is refused here. */
export function operationOf(request: LegacyRequest): string {
  const { action: name } = jsonObjectOf(request);
  if (isAction(name)) return name;
  throw new Fault(
    'pc_action_invalid',
    'The action must be one of those of PhoneCallAction, such as OnHold.',
  );
}
