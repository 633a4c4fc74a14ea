import { all, boolean, ref, some, string, strings, uri } from './words.ts';

const onOff = { enum: ['On', 'Off'] };

const Participant = all({
  e164Number: string,
  formattedPhoneNumber: string,
  phoneNumber: string,
  digits: string,
});

const Call = some(
  {
    id: string,
    state: { enum: ['Dialing', 'Ringing', 'Established', 'Held', 'Released'] },
    callUuid: string,
    connId: { type: 'string', pattern: '^[0-9a-f]{16}$' },
    deviceUri: uri,
    participants: { type: 'array', items: Participant },
    callType: { enum: ['Internal', 'Inbound', 'Outbound', 'Consult'] },
    capabilities: strings,
    duration: { type: 'string', pattern: '^\\d+$' },
    mute: onOff,
    supervisorListeningIn: boolean,
    monitoredUserMuted: boolean,
    monitoring: boolean,
    uri,
    path: string,
  },
  {
    dnis: string,
    ani: string,
    userData: { type: 'object', additionalProperties: true },
    recordingState: { enum: ['Stopped', 'Recording', 'Paused'] },
    parentCallUri: uri,
    parentCallPath: string,
  },
);

/** What an agent does. */
const userState = some(
  { id: string, displayName: string, state: { enum: ['Ready', 'NotReady', 'LoggedOut'] } },
  { workMode: { enum: ['AfterCallWork', 'AuxWork'] }, reason: string },
);

const Device = some(
  {
    id: string,
    deviceState: { enum: ['Active', 'Inactive'] },
    userState,
    phoneNumber: string,
    description: string,
    e164Number: string,
    telephonyNetwork: { const: 'Private' },
    doNotDisturb: onOff,
    capabilities: strings,
    channels: { type: 'array', items: { const: 'voice' } },
    dynamicPhoneNumber: boolean,
    uri,
    path: string,
  },
  { forwardTo: string },
);

const Channel = all({
  id: string,
  channel: { const: 'voice' },
  state: string,
  userState,
  activity: { const: 'Idle' },
  capabilities: strings,
  uri,
  path: string,
});

/** What answers and notifications are made of. */
export const SCHEMAS = {
  ...{ Call, Device, Channel },
  Feature: all({ id: string, displayName: string }),
  User: some(
    {
      id: string,
      userName: string,
      firstName: string,
      lastName: string,
      emailAddress: string,
      roles: { type: 'array', items: { enum: ['ROLE_AGENT', 'ROLE_ADMIN'] } },
      enabled: boolean,
      changePasswordOnFirstLogin: boolean,
      contactCenterId: string,
      uri,
      path: string,
      settings: { type: 'object', additionalProperties: { type: 'object' } },
    },
    {
      devices: { type: 'array', items: ref('Device') },
      channels: { type: 'array', items: ref('Channel') },
      calls: { type: 'array', items: ref('Call') },
      skills: { type: 'array', maxItems: 0 },
      interactions: { type: 'array', maxItems: 0 },
      chats: { type: 'array', maxItems: 0 },
      features: { type: 'array', items: ref('Feature') },
    },
  ),
  AgentState: some(
    {
      ...{ id: string, operationName: string, displayName: string, name: string },
      ...{ agentState: string, enabled: boolean },
    },
    { workMode: string },
  ),
  Done: all({ statusCode: { const: 0 } }),
  Refusal: all({ statusCode: { type: 'integer', minimum: 1 }, statusMessage: string }),
};
