import { all, boolean, object, string, strings } from './words.ts';

/** What the body of an operation says besides its name: the first may not be missing. */
interface Parameters {
  readonly required?: Readonly<Record<string, object>>;
  readonly optional?: Readonly<Record<string, object>>;
}

const DESTINATION = { ...all({ phoneNumber: string }), description: 'Whom to call.' };
const MOVE: Parameters = { required: { destination: DESTINATION }, optional: { userData: object } };

/** An agent has one place, that of its own telephones: what clients say of it is taken, and changes nothing. */
const UNHEEDED = { place: string, loginCode: string, queue: string, mobileSession: boolean };

const DEVICE_PATH = { ...string, description: 'The `path` of one of the user’s own devices.' };

const REASON: Parameters = { optional: { reasonCode: string } };

/** By the names of operations; those that are not here take nothing. */
export const PARAMETERS: Readonly<Record<string, Parameters>> = {
  Dial: MOVE,
  SingleStepTransfer: MOVE,
  SingleStepConference: MOVE,
  InitiateTransfer: MOVE,
  InitiateConference: MOVE,
  Redirect: MOVE,
  CompleteTransfer: { optional: { consultCallUri: string } },
  CompleteConference: { optional: { consultCallUri: string } },
  SwapCalls: { optional: { otherCallUri: string } },
  RemoveParticipantFromConference: { required: { participant: string } },
  SendDtmf: { required: { digits: string } },
  AttachUserData: { required: { userData: object } },
  UpdateUserData: { required: { userData: object } },
  DeleteUserDataPair: { required: { key: string } },
  ForwardCallsOn: {
    required: { destination: { oneOf: [string, DESTINATION], description: 'Where calls go.' } },
  },
  StartContactCenterSession: {
    optional: { channels: strings, devicePath: DEVICE_PATH, ...UNHEEDED },
  },
  NotReady: REASON,
  AfterCallWork: REASON,
  AuxWork: REASON,
  SetCallDisposition: {
    required: { disposition: string },
    optional: { callUuid: string, callUri: string, dispositionKey: string, userData: object },
  },
};
