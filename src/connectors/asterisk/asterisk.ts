import { type Clock, systemClock } from '../clock.ts';
import type { Capability, SwitchConnector } from '../connector.ts';
import type { Board } from './board.ts';
import { openLink } from './link.ts';
import { type AsteriskSettings, settingsFromUrl } from './settings.ts';

/** A second call has no place in the dialplan that ARI or AMI could count on. */
const CAPABILITIES: readonly Capability[] = [
  ...(['PLACE', 'ANSWER', 'HANGUP', 'HANGUP_PARTY', 'USER_DATA'] as const),
  ...(['SEND_DTMF', 'HOLD', 'TRANSFER', 'REDIRECT', 'RECORD', 'MONITOR', 'WHISPER'] as const),
];

/** The connector towards an Asterisk, by ARI and AMI. What it knows of a run outlives its links. */
export function asteriskConnector(
  settings: AsteriskSettings,
  clock: Clock = systemClock,
): SwitchConnector {
  const memory: { board: Board | null } = { board: null };
  return {
    kind: 'asterisk',
    capabilities: new Set(CAPABILITIES),
    connect: (events) => openLink({ settings, clock, memory, events }),
  };
}

/** From `ari+http://USER:SECRET@HOST:8088/?app=tandem&ami=USER:SECRET@HOST:5038`. */
export const asteriskFromUrl = (url: URL) => asteriskConnector(settingsFromUrl(url));
