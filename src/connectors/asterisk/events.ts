import { type CallRecord, noteHangup } from './call-record.ts';
import { type AriEvent, RECORDING, USER_DATA } from './channel.ts';
import { holdLeg, type Leg } from './leg.ts';

type Take = (event: AriEvent, leg: Leg, call: CallRecord, at: string) => void;

/** What an event says beyond the channel that it carries. */
const TAKES: Readonly<Record<string, Take>> = {
  ChannelVarset({ variable, value }, leg) {
    if (variable === USER_DATA) leg.userDataText = value ?? '';
    if (variable === RECORDING) leg.recording = value ?? '';
  },
  ChannelHold: (_event, leg, _call, at) => holdLeg(leg, true, at),
  ChannelUnhold: (_event, leg, _call, at) => holdLeg(leg, false, at),
  Dial({ dialstatus }, _leg, call) {
    call.dialStatus = dialstatus || call.dialStatus;
  },
  ChannelHangupRequest: ({ soft }, leg, call) => noteHangup(call, leg.id, soft === true),
  ChannelDestroyed({ cause }, leg, _call, at) {
    leg.leftAt = at;
    // Asterisk's 0 is "not defined".
    leg.cause = cause || null;
  },
};

/** Takes an event about a leg of a call. */
export const takeEvent: Take = (event, leg, call, at) => TAKES[event.type]?.(event, leg, call, at);
