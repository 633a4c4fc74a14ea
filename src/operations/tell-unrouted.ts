import { type Clock, systemClock } from '../connectors/clock.ts';
import type { SwitchCall } from '../connectors/connector.ts';
import type { Homeless } from './route-numbers.ts';
import type { SwitchLog } from './switch-log.ts';

const EVERY_MS = 60_000;

const MESSAGES: Readonly<Record<Homeless, string>> = {
  UNROUTED:
    'no organization is found for calls, by their numbers or by NUMBERS; they are not recorded',
  AMBIGUOUS:
    'several organizations may have the numbers of calls; they are not recorded: see NUMBERS',
};

/**
 * Tells the operator of a switch's calls that are not recorded: whenever that begins at once, and as long as it goes on
 * those of each further minute together, with the name of the last. A switch may carry far more of these than of ours.
 */
export function tellUnrouted(
  connector: string,
  log: Pick<SwitchLog, 'warn'>,
  clock: Clock = systemClock,
) {
  const untold = new Map<Homeless, { calls: number; nativeId: string }>();
  let isResting = false;

  function say() {
    isResting = untold.size > 0;
    for (const [why, facts] of untold) log.warn({ connector, ...facts }, MESSAGES[why]);
    untold.clear();
    if (isResting) clock.schedule(EVERY_MS, say);
  }

  return ({ nativeId }: SwitchCall, why: Homeless): void => {
    untold.set(why, { calls: (untold.get(why)?.calls ?? 0) + 1, nativeId });
    if (!isResting) say();
  };
}
