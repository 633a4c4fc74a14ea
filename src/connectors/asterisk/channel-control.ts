import { SwitchError } from '../connector.ts';
import { type AmiClient, type AmiFields, isSuccess, textOf } from './ami-client.ts';
import type { AmiMessage } from './ami-parser.ts';
import type { Ari, AriAnswer, AriRequest } from './ari-client.ts';
import type { Channel } from './channel.ts';

/** GONE: Asterisk has no such channel any more. */
export type Done = 'DONE' | 'GONE';

/** A channel that is to listen. */
interface Spy {
  readonly id: string;
  /** What is dialled to ring it. */
  readonly endpoint: string;
  /** ChanSpy's. */
  readonly options: string;
}

const LISTENER_RINGS_MS = 30_000;

/** What can be done to a channel, wherever in Asterisk it is. */
export interface ChannelControl {
  hangup(id: string): Promise<Done>;
  answer(channel: Channel): Promise<Done>;
  setVariable(channel: Channel, variable: string, value: string): Promise<Done>;
  sendDtmf(channel: Channel, digits: string): Promise<Done>;
  /** Whoever is bridged with the channel goes there, and it ends. */
  transfer(channel: Channel, to: string, context: string | null): Promise<Done>;
  /** The channel goes on there in the dialplan, and whoever it rang is not rung any more. */
  redirect(channel: Channel, to: string, context: string | null): Promise<Done>;
  /** Records, beside all else that happens to the channel, both directions into a file. */
  record(channel: Channel, file: string): Promise<Done>;
  /** Records silence, or what is said again. */
  muteRecording(channel: Channel, muted: boolean): Promise<Done>;
  stopRecording(channel: Channel): Promise<Done>;
  /** Has ChanSpy listen to the channel from another one, which is made and rung. */
  spy(channel: Channel, by: Spy): Promise<Done>;
  /** `isTold`: events will tell of it. */
  setHold(channel: Channel, held: boolean): Promise<{ done: Done; isTold: boolean }>;
}

/**
 * ARI commands what is in a Stasis application and answers 409 for the rest, which is in the dialplan:
 * there AMI does it. What neither can do there, the phone is asked for by a NOTIFY in its dialog.
 */
export function channelControl(ari: Ari, ami: AmiClient): ChannelControl {
  const ask = (method: 'POST' | 'DELETE', { id }: Channel, what: string, request?: AriRequest) =>
    ari(method, `channels/${encodeURIComponent(id)}/${what}`, request);
  const act = async (action: string, { name }: Channel, fields: AmiFields) =>
    doneByAmi(await ami.action(action, [['Channel', name], ...fields]));
  const notify = (channel: Channel, event: 'talk' | 'hold') => {
    if (channel.name.startsWith('PJSIP/')) {
      return act('PJSIPNotify', channel, [['Variable', `Event=${event}`]]);
    }
    throw new SwitchError('WRONG_STATE', 'Asterisk can do this with phones of PJSIP alone.');
  };
  return {
    async hangup(id) {
      const query = { reason_code: '16' };
      return doneByAri(await ari('DELETE', `channels/${encodeURIComponent(id)}`, { query }));
    },
    async answer(channel) {
      if (channel.state === 'Ringing') return notify(channel, 'talk');
      return doneByAri(await ask('POST', channel, 'answer'));
    },
    async setVariable(channel, variable, value) {
      const answer = await ask('POST', channel, 'variable', { body: { variable, value } });
      if (!isOutside(answer)) return doneByAri(answer);
      return act('Setvar', channel, [
        ['Variable', variable],
        ['Value', value],
      ]);
    },
    async sendDtmf(channel, digits) {
      const answer = await ask('POST', channel, 'dtmf', { query: { dtmf: digits } });
      if (!isOutside(answer)) return doneByAri(answer);
      const all = [...digits].map((digit) => act('PlayDTMF', channel, [['Digit', digit]]));
      return (await Promise.all(all)).includes('DONE') ? 'DONE' : 'GONE';
    },
    transfer: (channel, to, context) =>
      act('BlindTransfer', channel, [
        ['Context', context ?? channel.dialplan.context],
        ['Exten', to],
      ]),
    redirect: (channel, to, context) =>
      act('Redirect', channel, [
        ['Context', context ?? channel.dialplan.context],
        ['Exten', to],
        ['Priority', '1'],
      ]),
    record: (channel, file) => act('MixMonitor', channel, [['File', file]]),
    muteRecording: (channel, muted) =>
      act('MixMonitorMute', channel, [
        ['Direction', 'both'],
        ['State', muted ? '1' : '0'],
      ]),
    stopRecording: (channel) => act('StopMixMonitor', channel, []),
    spy: (channel, by) => spy(ami, channel, by),
    async setHold(channel, held) {
      const answer = await ask(held ? 'POST' : 'DELETE', channel, 'hold');
      if (!isOutside(answer)) return { done: doneByAri(answer), isTold: false };
      return { done: await notify(channel, held ? 'hold' : 'talk'), isTold: true };
    },
  };
}

/** The answer says that it is queued: that the phone rings, events tell. */
async function spy(ami: AmiClient, { name }: Channel, { id, endpoint, options }: Spy) {
  const answer = await ami.action('Originate', [
    ['Channel', endpoint],
    ['ChannelId', id],
    ['Application', 'ChanSpy'],
    ['Data', `${name},${options}`],
    ['Timeout', String(LISTENER_RINGS_MS)],
    ['Async', 'true'],
  ]);
  return doneByAmi(answer);
}

const isOutside = ({ status }: AriAnswer) => status === 409;

function doneByAri({ status }: AriAnswer): Done {
  if (status === 404) return 'GONE';
  if (status === 409) throw new SwitchError('WRONG_STATE', 'The channel is outside of Stasis.');
  if (status === 412) throw new SwitchError('WRONG_STATE', 'The channel is not in such a state.');
  return 'DONE';
}

const NO_CHANNEL =
  /no such channel|channel (specified )?(does not exist|not found)|could not find channel/i;

const WRONG_STATE = /^transfer (invalid|not permitted)/i;

function doneByAmi(answer: AmiMessage): Done {
  if (isSuccess(answer)) return 'DONE';
  if (NO_CHANNEL.test(textOf(answer))) return 'GONE';
  if (WRONG_STATE.test(textOf(answer))) {
    throw new SwitchError('WRONG_STATE', 'The channel is not bridged with another one.');
  }
  throw new SwitchError('SWITCH_ERROR', `AMI says: ${textOf(answer)}`);
}
