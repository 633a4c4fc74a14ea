import type { JsonObject } from '../../model/json.ts';
import type { Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { callIdIn, destinationOf, objectOf, optionalObject, optionalText, textOf } from './body.ts';
import { type Named, nameOf, operation } from './call-operation.ts';
import { clearCall } from './clear-call.ts';

const Answer = graphql(
  `mutation GenesysAnswer($input: AnswerCallInput!) { answerCall(input: $input) { clientMutationId } }`,
);
const Hangup = graphql(
  `mutation GenesysHangup($input: LeaveCallInput!) { leaveCall(input: $input) { clientMutationId } }`,
);
const Hold = graphql(
  `mutation GenesysHold($input: HoldCallInput!) { holdCall(input: $input) { clientMutationId } }`,
);
const Retrieve = graphql(
  `mutation GenesysRetrieve($input: RetrieveCallInput!) { retrieveCall(input: $input) { clientMutationId } }`,
);
const SendDtmf = graphql(
  `mutation GenesysSendDtmf($input: SendDtmfInput!) { sendDtmf(input: $input) { clientMutationId } }`,
);
const Transfer = graphql(
  `mutation GenesysTransfer($input: TransferCallInput!) { transferCall(input: $input) { clientMutationId } }`,
);
const Conference = graphql(
  `mutation GenesysConference($input: ConferenceCallInput!) { conferenceCall(input: $input) { clientMutationId } }`,
);
const Redirect = graphql(
  `mutation GenesysRedirect($input: RedirectCallInput!) { redirectCall(input: $input) { clientMutationId } }`,
);
const Consult = graphql(
  `mutation GenesysConsult($input: ConsultCallInput!) { consultCall(input: $input) { clientMutationId } }`,
);
const CompleteTransfer = graphql(
  `mutation GenesysCompleteTransfer($input: CompleteTransferInput!) { completeTransfer(input: $input) { clientMutationId } }`,
);
const CompleteConference = graphql(
  `mutation GenesysCompleteConference($input: CompleteConferenceInput!) { completeConference(input: $input) { clientMutationId } }`,
);
const Swap = graphql(
  `mutation GenesysSwap($input: SwapCallsInput!) { swapCalls(input: $input) { clientMutationId } }`,
);
const RemoveParticipant = graphql(
  `mutation GenesysRemoveParticipant($input: RemoveParticipantInput!) { removeParticipant(input: $input) { clientMutationId } }`,
);
const StartRecording = graphql(
  `mutation GenesysStartRecording($input: StartRecordingInput!) { startRecording(input: $input) { clientMutationId } }`,
);
const StopRecording = graphql(
  `mutation GenesysStopRecording($input: StopRecordingInput!) { stopRecording(input: $input) { clientMutationId } }`,
);
const PauseRecording = graphql(
  `mutation GenesysPauseRecording($input: PauseRecordingInput!) { pauseRecording(input: $input) { clientMutationId } }`,
);
const ResumeRecording = graphql(
  `mutation GenesysResumeRecording($input: ResumeRecordingInput!) { resumeRecording(input: $input) { clientMutationId } }`,
);
const AttachUserData = graphql(
  `mutation GenesysAttachUserData($input: AttachUserDataInput!) { attachUserData(input: $input) { clientMutationId } }`,
);
const UpdateUserData = graphql(
  `mutation GenesysUpdateUserData($input: UpdateUserDataInput!) { updateUserData(input: $input) { clientMutationId } }`,
);
const DeleteUserData = graphql(
  `mutation GenesysDeleteUserData($input: DeleteUserDataInput!) { deleteUserData(input: $input) { clientMutationId } }`,
);
const DeleteUserDataPair = graphql(
  `mutation GenesysDeleteUserDataPair($input: DeleteUserDataPairInput!) { deleteUserDataPair(input: $input) { clientMutationId } }`,
);

/** Whereto, and what goes along; `location` has no meaning with one switch. */
const move = (request: LegacyRequest): { to: string; userData?: JsonObject | null } => ({
  to: destinationOf(request),
  userData: optionalObject(request, 'userData'),
});

/** Another call, when the body has its URI: `consultCallUri`, `otherCallUri`. */
const named = (request: LegacyRequest, parameter: string): Named | null => {
  const uri = optionalText(request, parameter);
  return uri === null ? null : nameOf(callIdIn(uri));
};

const consultation = (request: LegacyRequest) => ({
  consultation: named(request, 'consultCallUri'),
});

const pairs = (request: LegacyRequest) => ({ userData: objectOf(request, 'userData') });

/** Voice API: what can be done with a call. */
export const callOperations: readonly Route[] = [
  operation({ name: 'Answer', document: Answer }),
  operation({ name: 'Hangup', document: Hangup }),
  clearCall,
  operation({ name: 'Hold', document: Hold }),
  operation({ name: 'Retrieve', document: Retrieve }),
  operation({
    name: 'SendDtmf',
    document: SendDtmf,
    input: (request) => ({ digits: textOf(request, 'digits') }),
  }),
  operation({ name: 'SingleStepTransfer', document: Transfer, input: move }),
  operation({ name: 'SingleStepConference', document: Conference, input: move }),
  operation({ name: 'Redirect', document: Redirect, input: move }),
  operation({ name: 'InitiateTransfer', document: Consult, input: move }),
  operation({ name: 'InitiateConference', document: Consult, input: move }),
  operation({ name: 'CompleteTransfer', document: CompleteTransfer, input: consultation }),
  operation({ name: 'CompleteConference', document: CompleteConference, input: consultation }),
  operation({
    name: 'SwapCalls',
    document: Swap,
    input: (request) => ({ other: named(request, 'otherCallUri') }),
  }),
  operation({
    name: 'RemoveParticipantFromConference',
    document: RemoveParticipant,
    input: (request) => ({ number: textOf(request, 'participant') }),
  }),
  operation({ name: 'StartCallRecording', document: StartRecording }),
  operation({ name: 'StopCallRecording', document: StopRecording }),
  operation({ name: 'PauseCallRecording', document: PauseRecording }),
  operation({ name: 'ResumeCallRecording', document: ResumeRecording }),
  operation({ name: 'AttachUserData', document: AttachUserData, input: pairs }),
  operation({ name: 'UpdateUserData', document: UpdateUserData, input: pairs }),
  operation({ name: 'DeleteUserData', document: DeleteUserData }),
  operation({
    name: 'DeleteUserDataPair',
    document: DeleteUserDataPair,
    input: (request) => ({ key: textOf(request, 'key') }),
  }),
];
