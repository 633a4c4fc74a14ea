import type { PassThrough } from './command-wrapper.ts';
import { SwitchError } from './connector.ts';
import { createSerialQueue } from './serial-queue.ts';

/** Commands that wait for each other; how one of them is given is said with it. */
export interface Turns {
  /** LINK_DOWN, and not given, when one that it has waited for was not answered in time. */
  add(pass: PassThrough): PassThrough;
}

/** Nobody waits yet. */
export function createTurns(): Turns {
  const queue = createSerialQueue();
  let silences = 0;
  return {
    add: (pass) => (command) => {
      const before = silences;
      return queue.add(async () => {
        // Each would else wait as long for a switch that is silent.
        if (silences > before) throw new SwitchError('LINK_DOWN', SILENT);
        return pass(command).catch((error: unknown) => {
          if (error instanceof SwitchError && error.code === 'TIMEOUT') silences += 1;
          throw error;
        });
      });
    },
  };
}

const SILENT = 'The switch did not answer the command before this one; nothing was done';
