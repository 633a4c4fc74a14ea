import type { Entry } from './entry.ts';
import type { Faults } from './faults.ts';
import { parseLine } from './json-line.ts';
import type { UnreadableLine } from './lines.ts';
import { readRecord } from './record.ts';

const BATCH_LINES = 2000;
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/** The records of some lines, and the number of the last of these lines. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly lastLine: number;
}

/** Reads lines by the batch; lines without a record become faults, but empty ones. */
export async function* readEntries(
  lines: AsyncIterable<string | UnreadableLine>,
  faults: Faults,
): AsyncGenerator<Batch> {
  let entries: Entry[] = [];
  let [lastLine, batchLines, characters] = [0, 0, 0];
  for await (const line of lines) {
    lastLine += 1;
    batchLines += 1;
    if (typeof line !== 'string') {
      faults.add(lastLine, line.unreadable);
      continue;
    }
    entries.push(...entryOf(line, lastLine, faults));
    characters += line.length;
    if (batchLines < BATCH_LINES && characters < BATCH_CHARACTERS) continue;
    yield { entries, lastLine };
    entries = [];
    [batchLines, characters] = [0, 0];
  }
  yield { entries, lastLine };
}

/** The record of a line, or none. */
function entryOf(given: string, line: number, faults: Faults): Entry[] {
  const text = line === 1 ? given.replace(/^\uFEFF/, '') : given;
  if (text.trim() === '') return [];
  const object = parseLine(text);
  if (typeof object === 'string') {
    faults.add(line, object);
    return [];
  }
  const record = readRecord(object);
  if (!('faults' in record)) return [{ line, record }];
  for (const message of record.faults) faults.add(line, message);
  return [];
}
