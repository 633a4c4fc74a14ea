import type { Clock } from '../connectors/clock.ts';
import { pause } from '../connectors/waiting.ts';

const RETRY_MS = 1000;
/** What has gone well for so long fails for a new reason, even if it has the same words. */
const CALM_MS = 60_000;

interface Options {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Tries again for ever; a fault that comes back with each attempt is said once. */
export async function standAgain(
  { clock, stop, onError }: Options,
  attend: () => Promise<void>,
): Promise<void> {
  let said = '';
  while (!stop.aborted) {
    const from = clock.now().getTime();
    await attend().catch((error: unknown) => {
      const wasCalm = clock.now().getTime() - from >= CALM_MS;
      if ((wasCalm || String(error) !== said) && !stop.aborted) onError(error);
      said = String(error);
    });
    await pause(clock, RETRY_MS, stop);
  }
}
