const string = { type: 'string' };
const boolean = { type: 'boolean' };
const strings = { type: 'array', items: string };
const object = { type: 'object', additionalProperties: true };
const all = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

const number = all({
  e164Number: string,
  formattedPhoneNumber: string,
  phoneNumber: string,
  digits: string,
});

const call = all({
  id: string,
  state: { enum: ['Dialing', 'Ringing', 'Established', 'Held', 'Released'] },
  callUuid: string,
  connId: { type: 'string', pattern: '^[0-9a-f]{16}$' },
  deviceUri: { type: 'string', format: 'uri' },
  participants: { type: 'array', items: number },
  callType: { enum: ['Internal', 'Inbound', 'Outbound', 'Consult'] },
  capabilities: strings,
  duration: { type: 'string', pattern: '^\\d+$' },
  mute: { enum: ['On', 'Off'] },
  supervisorListeningIn: boolean,
  monitoredUserMuted: boolean,
  monitoring: boolean,
  uri: { type: 'string', format: 'uri' },
  path: string,
});

/** What answers and notifications are made of; attributes that a call need not have are named besides. */
export const SCHEMAS = {
  Call: {
    ...call,
    properties: {
      ...call.properties,
      dnis: string,
      ani: string,
      userData: object,
      recordingState: { enum: ['Stopped', 'Recording', 'Paused'] },
      parentCallUri: { type: 'string', format: 'uri' },
      parentCallPath: string,
    },
  },
  Device: {
    ...all({ id: string, deviceState: string, userState: object, phoneNumber: string }),
    additionalProperties: true,
  },
  Channel: {
    ...all({ id: string, channel: string, userState: object, capabilities: strings }),
    additionalProperties: true,
  },
  Answer: {
    ...all({ statusCode: { const: 0 } }),
    additionalProperties: true,
  },
  Refusal: all({ statusCode: { type: 'integer', minimum: 1 }, statusMessage: string }),
};

/** What the body of an operation says besides its name: the first may not be missing. */
interface Parameters {
  readonly required?: Readonly<Record<string, object>>;
  readonly optional?: Readonly<Record<string, object>>;
}

const DESTINATION = { ...all({ phoneNumber: string }), description: 'Whom to call.' };
const MOVE: Parameters = { required: { destination: DESTINATION }, optional: { userData: object } };

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
  StartContactCenterSession: { optional: { channels: strings } },
  NotReady: { optional: { reasonCode: string } },
  SetCallDisposition: {
    required: { disposition: string },
    optional: { callUuid: string, callUri: string, dispositionKey: string, userData: object },
  },
};
