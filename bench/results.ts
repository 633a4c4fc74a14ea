import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps what a command has measured. */
export async function keep(name: string, result: object): Promise<void> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify({ node: process.version, ...result }, null, 2);
  await writeFile(join(folder, `${name}.json`), `${text}\n`);
}

export const say = (text: string) => process.stdout.write(text);
