import type { Log } from '../observe/log.ts';

/** Whatever hangs, a stop takes no longer than this beyond the time that its subscribers are given. */
const LONGEST_STOP_MS = 5500;

interface Options {
  readonly log: Log;
  /** How long subscribers are given to come back elsewhere. */
  readonly drainMs: number;
}

/** Opens what a server needs, waits for SIGTERM or SIGINT, takes it apart again and ends with 0. */
export async function runUntilStopped(
  { log, drainMs }: Options,
  open: (stack: AsyncDisposableStack, stopping: AbortSignal) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  // Listened to from the beginning: a signal while starting must not kill a half-written database.
  const stopped = new Promise<void>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error({}, 'the stop took too long');
        process.exit(0);
      }, drainMs + LONGEST_STOP_MS).unref();
      resolve();
    };
    // For good: npm and the terminal both send SIGINT, and the second one must not kill what is draining.
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  await using stack = new AsyncDisposableStack();
  await open(stack, stopping.signal).catch((error: unknown) => {
    // Whoever waited for something while starting has stopped waiting.
    if (!stopping.signal.aborted) throw error;
  });
  await stopped;
  await stack.disposeAsync();
  process.exit(0);
}
