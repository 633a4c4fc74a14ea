import { openDatabase } from '../src/store/database.ts';
import { atRate } from './pace.ts';
import { answerCalls } from './rpc.ts';
import { openWriter } from './writer.ts';

const [url = ''] = process.argv.slice(2);
const database = openDatabase({ url, connections: 10 });
const writer = await openWriter(database);

const handlers = {
  /** Resolves when there is somebody to call. */
  ready: () => {},
  /** Changes one call after the other at this rate, and gives each number with the time of its commit. */
  write: async (callIds: readonly string[], pace: { rate: number; seconds: number }) => {
    const commits: [sequence: number, at: number][] = [];
    await atRate(pace, async (sequence) => {
      const callId = callIds[sequence % callIds.length] ?? '';
      commits.push([sequence, await writer.write(callId, sequence)]);
    });
    return commits;
  },
};

/** What a writer in a process of its own can be asked. */
export type WriterProcess = typeof handlers;

answerCalls(handlers);
process.on('disconnect', () => process.exit());
