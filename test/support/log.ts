import { createLogger, type Log } from '../../src/observe/log.ts';

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A log that a test can read: errors and what is worse. */
export function readableLog(): { readonly log: Log; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  return { log: createLogger('error', { write: (line) => lines.push(JSON.parse(line)) }), lines };
}
