import type { Execute } from '../../dialect.ts';
import { graphql } from '../../graphql.ts';
import { channelResource, deviceResource } from '../device-resource.ts';

const GetAgent = graphql(`
  query GenesysAgent { viewer { agentState { state reason } devices { id number label device { doNotDisturb forwardTo capabilities } } } }
`);

/** What is delivered on `/v2/me/devices` and `/v2/me/channels` when an agent has changed its state. */
export async function agentNotifications(execute: Execute, base: string) {
  const { viewer } = await execute(GetAgent, {});
  const { agentState, devices } = viewer;
  return {
    devices: {
      messageType: 'DeviceStateChangeMessage',
      devices: devices.map((device) => deviceResource(device, agentState, base)),
    },
    channels: {
      messageType: 'ChannelStateChangeMessageV2',
      channels: [channelResource(agentState, base)],
    },
  };
}
