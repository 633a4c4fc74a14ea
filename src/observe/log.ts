import { pino } from 'pino';

/** What the process says to its operator: facts, codes and ids, never personal data or secrets. */
export type Log = ReturnType<typeof createLogger>;

/** Writes JSON lines to standard error, so that standard output is a command's own. */
export const createLogger = (level: string) =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
