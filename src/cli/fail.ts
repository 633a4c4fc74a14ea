import { ConfigError } from '../config.ts';
import { ImportRefused } from '../import/faults.ts';
import { DirectoryInUse } from '../store/embedded.ts';

/** A fault of whoever gave the command: told in one sentence, without a stack. */
export class CommandError extends Error {}

/** Tells what went wrong and ends the process: 2 for a wrong configuration, 1 for everything else. */
export function fail(error: unknown): never {
  const expected =
    error instanceof ConfigError ||
    error instanceof CommandError ||
    error instanceof ImportRefused ||
    error instanceof DirectoryInUse;
  const text =
    error instanceof Error
      ? expected
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
