import type { Log } from '../observe/log.ts';

/** Whatever hangs, a stop takes less than ten seconds. */
const LONGEST_STOP_MS = 7000;

/** Opens what a server needs, waits for SIGTERM or SIGINT, takes it apart again and ends with 0. */
export async function runUntilStopped(
  log: Log,
  open: (stack: AsyncDisposableStack) => Promise<void>,
): Promise<void> {
  // Listened to from the beginning: a signal while starting must not kill a half-written database.
  const stopped = new Promise<void>((resolve) => {
    let isStopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (isStopping) return;
      isStopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error({}, 'the stop took too long');
        process.exit(0);
      }, LONGEST_STOP_MS).unref();
      resolve();
    };
    // For good: npm and the terminal both send SIGINT, and the second one must not kill what is draining.
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  await using stack = new AsyncDisposableStack();
  await open(stack);
  await stopped;
  await stack.disposeAsync();
  process.exit(0);
}
