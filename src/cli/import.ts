import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import ora from 'ora';
import { readConfig } from '../config.ts';
import { type ImportProgress, importFile } from '../import/import.ts';
import { linesOf } from '../import/lines.ts';
import { migrate } from '../store/migrate.ts';
import { CommandError } from './fail.ts';
import { joinStore } from './services.ts';

interface Input {
  readonly stream: Readable;
  /** Null when nobody can tell. */
  readonly bytes: number | null;
}

async function open(file: string): Promise<Input> {
  if (file === '-') return { stream: process.stdin, bytes: null };
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new CommandError(`There is no file ${file}.`);
  return { stream: createReadStream(file), bytes: found.size };
}

const counted = ({ records }: ImportProgress) =>
  Object.entries(records)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `${count} ${type}${count === 1 ? '' : 's'}`)
    .join(', ');

/** Imports a file, all of it or nothing, and says how far it is. */
export async function importCommand(file: string): Promise<void> {
  const config = readConfig(process.env);
  const { stream, bytes } = await open(file);
  await using database = await joinStore(config);
  await migrate(database);
  let read = 0;
  const lines = linesOf(stream, (all) => {
    read = all;
  });
  const bar = ora({ text: 'Importing', stream: process.stderr }).start();
  try {
    const done = await importFile({
      database,
      lines,
      onProgress: (progress) => {
        const share = bytes ? `${Math.floor((100 * read) / bytes)} % – ` : '';
        bar.text = `Importing: ${share}${counted(progress) || 'nothing yet'}`;
      },
    });
    bar.succeed(`Imported ${counted(done) || 'nothing: the file is empty'}.`);
  } catch (error) {
    bar.fail('The import was refused.');
    throw error;
  }
}
