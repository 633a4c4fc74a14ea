import type { DeviceCapability } from '../../model/diversion.ts';
import { type AgentData, userStateOf } from './agent-states.ts';

/** A telephone of the user. */
export interface DeviceData {
  readonly id: string;
  readonly number: string;
  readonly label: string | null;
  readonly device: {
    readonly doNotDisturb: boolean;
    readonly forwardTo: string | null;
    readonly capabilities: readonly DeviceCapability[];
  } | null;
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
  doNotDisturb: device.device?.doNotDisturb ? 'On' : 'Off',
  ...(typeof device.device?.forwardTo === 'string' && { forwardTo: device.device.forwardTo }),
  capabilities: deviceCapabilities(device),
  channels: ['voice'],
  dynamicPhoneNumber: false,
  uri: `${base}/devices/${device.id}`,
  path: `/devices/${device.id}`,
});

/** As calls have them: never one that would fail, and of two that undo each other the one that changes something. */
function deviceCapabilities({ device }: DeviceData): string[] {
  const can = (capability: DeviceCapability) => device?.capabilities.includes(capability);
  return [
    ...(can('PLACE') ? ['Dial'] : []),
    ...(can('DO_NOT_DISTURB') ? [device?.doNotDisturb ? 'DoNotDisturbOff' : 'DoNotDisturbOn'] : []),
    ...(can('FORWARD') ? [device?.forwardTo == null ? 'ForwardCallsOn' : 'ForwardCallsOff'] : []),
    'SetCallDisposition',
  ];
}

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
