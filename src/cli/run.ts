import type { Log } from '../observe/log.ts';

/** Whatever hangs, a stop takes less than ten seconds. */
const LONGEST_STOP_MS = 9000;

/** Opens what a server needs, waits for SIGTERM or SIGINT, takes it apart again and ends with 0. */
export async function runUntilStopped(
  log: Log,
  open: (stack: AsyncDisposableStack) => Promise<void>,
): Promise<void> {
  // Listened to from the beginning: a signal while starting must not kill a half-written database.
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
  await using stack = new AsyncDisposableStack();
  await open(stack);
  const signal = await stopped;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error({}, 'the stop took too long');
    process.exit(0);
  }, LONGEST_STOP_MS).unref();
  await stack.disposeAsync();
  process.exit(0);
}
