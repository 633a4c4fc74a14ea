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

/** Tells of calls that are not recorded; when it is disposed of, what is not told yet, and nothing after that. */
export interface UnroutedTeller extends Disposable {
  tell(call: SwitchCall, why: Homeless): void;
}

/**
 * Tells the operator of a switch's calls that are not recorded: whenever that begins at once, and as long as it goes on
 * those of each further minute together, with the name of the last. A switch may carry far more of these than of ours.
 */
export function tellUnrouted(
  connector: string,
  log: Pick<SwitchLog, 'warn'>,
  clock: Clock = systemClock,
): UnroutedTeller {
  const untold = new Map<Homeless, { calls: number; nativeId: string }>();
  let endRest: (() => void) | null = null;

  function say() {
    for (const [why, facts] of untold) log.warn({ connector, ...facts }, MESSAGES[why]);
    untold.clear();
  }
  function sayInTime() {
    endRest = untold.size > 0 ? clock.schedule(EVERY_MS, sayInTime) : null;
    say();
  }

  return {
    tell({ nativeId }, why) {
      untold.set(why, { calls: (untold.get(why)?.calls ?? 0) + 1, nativeId });
      if (!endRest) sayInTime();
    },
    [Symbol.dispose]() {
      endRest?.();
      say();
    },
  };
}
