import { ConfigError } from '../config.ts';
import { ImportRefused } from '../import/faults.ts';
import { isAway } from '../store/away.ts';
import { DirectoryInUse } from '../store/embedded.ts';

/** A fault of whoever gave the command: told in one sentence, without a stack. */
export class CommandError extends Error {}

/** Tells what went wrong and ends the process: 2 for a wrong configuration, 1 for everything else. */
export function fail(error: unknown): never {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

/** What went wrong, and what else when it was cleaned up after that. */
export function wordsOf(error: unknown): string {
  if (error instanceof SuppressedError) {
    return `${wordsOf(error.suppressed)}\n${wordsOf(error.error)}`;
  }
  if (!(error instanceof Error)) return String(error);
  return isExpected(error) ? error.message : (error.stack ?? error.message);
}

const isExpected = (error: Error) =>
  error instanceof ConfigError ||
  error instanceof CommandError ||
  error instanceof ImportRefused ||
  error instanceof DirectoryInUse ||
  isAway(error) ||
  isOfTheMachine(error);

/** A port that is taken, a database that is away, a disk that is full: the message says all that there is. */
const OF_THE_MACHINE =
  /^(EADDRINUSE|EADDRNOTAVAIL|EACCES|EPERM|EROFS|ENOSPC|ENOENT|ENOTDIR|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|CONNECT_TIMEOUT|28\w{3}|3D000)$/;

const isOfTheMachine = (error: Error) => 'code' in error && OF_THE_MACHINE.test(String(error.code));
