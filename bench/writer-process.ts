import { openDatabase } from '../src/store/database.ts';
import { atRate, type Pace } from './pace.ts';
import { answerCalls } from './rpc.ts';
import { openWriter } from './writer.ts';

const [url = ''] = process.argv.slice(2);
const database = openDatabase({ url, connections: 10 });
const writer = await openWriter(database);

let written = 0;

const handlers = {
  /** Resolves when there is somebody to call. */
  ready: () => {},
  /** Changes one call after the other at this rate, and gives each number with the time of its commit. */
  write: async (callIds: readonly string[], pace: Pace & { filler?: number }) => {
    const commits: [sequence: number, at: number][] = [];
    await atRate(pace, async () => {
      const sequence = written;
      written += 1;
      const callId = callIds[sequence % callIds.length] ?? '';
      commits.push([sequence, await writer.write(callId, sequence, pace.filler)]);
    });
    return commits;
  },
};

/** What a writer in a process of its own can be asked. */
export type WriterProcess = typeof handlers;

answerCalls(handlers);
process.on('disconnect', () => process.exit());
