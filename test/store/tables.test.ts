import { execFile } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freshDirectory } from '../support/database.ts';

const TABLES = './src/store/tables/*.ts';

test('the tables are what the migrations make: generating writes nothing', async () => {
  await using directory = await freshDirectory();
  await cp('drizzle', directory.path, { recursive: true });

  const options = ['--dialect', 'postgresql', '--schema', TABLES, '--out', directory.path];
  const { stdout } = await promisify(execFile)('node_modules/.bin/drizzle-kit', [
    'generate',
    ...options,
  ]);

  expect(stdout).toContain('No schema changes');
  expect(await readdir(directory.path)).toEqual(await readdir('drizzle'));
});
