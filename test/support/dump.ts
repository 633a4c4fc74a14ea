import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything that is in a database, as `pg_dump` tells it. */
export async function dumpOf(url: string): Promise<string> {
  const { stdout } = await run('pg_dump', ['--dbname', url], { maxBuffer: 1 << 28 });
  return stdout;
}

/** Forms in which somebody could still read a text. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const escaped = JSON.stringify(text).slice(1, -1);
  const hash = (algorithm: string) => createHash(algorithm).update(text).digest('hex');
  return [
    text,
    text.replace(/^\+/, ''),
    encodeURIComponent(text),
    escaped,
    // As COPY writes it.
    escaped.replaceAll('\\', '\\\\'),
    // Without what depends on the bytes around it.
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    bytes.toString('hex'),
    [...text].reverse().join(''),
    ...['md5', 'sha1', 'sha256'].map(hash),
  ];
}

/** Which of the texts can be found in what was written somewhere, in any form. */
export const foundIn = (written: string, texts: readonly string[]) =>
  texts.filter((text) => formsOf(text).some((form) => written.includes(form)));
