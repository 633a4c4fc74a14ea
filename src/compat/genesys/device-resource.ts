import { type AgentData, userStateOf } from './agent-states.ts';

/** A telephone of the user. */
export interface DeviceData {
  readonly id: string;
  readonly number: string;
  readonly label: string | null;
}

/** The Device resource. */
export const deviceResource = (device: DeviceData, agent: AgentData, base: string) => ({
  id: device.id,
  deviceState: agent.state === 'OFFLINE' ? 'Inactive' : 'Active',
  userState: userStateOf(agent),
  phoneNumber: device.number,
  description: device.label ?? '',
  e164Number: '',
  telephonyNetwork: 'Private',
  doNotDisturb: 'Off',
  capabilities: ['Dial', 'SetCallDisposition'],
  channels: ['voice'],
  dynamicPhoneNumber: false,
  uri: `${base}/devices/${device.id}`,
  path: `/devices/${device.id}`,
});

/** The voice channel, as it goes with the agent's state. */
export const channelResource = (agent: AgentData, base: string) => ({
  id: 'voice',
  channel: 'voice',
  state: userStateOf(agent).displayName,
  userState: userStateOf(agent),
  activity: 'Idle',
  capabilities: channelCapabilities(agent),
  uri: `${base}/me/channels/voice`,
  path: '/channels/voice',
});

/** Without a session there is none to change. */
const channelCapabilities = ({ state }: AgentData) =>
  state === 'OFFLINE' ? [] : ['Ready', 'NotReady', 'AfterCallWork', 'AuxWork', 'Offline'];
