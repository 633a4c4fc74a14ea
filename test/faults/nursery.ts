import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('child.ts', import.meta.url));
const SPARE = 3;
/** One that takes longer is a violation by then; this is so that its run comes to an end. */
const LONGEST_START_MS = 45_000;

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** A Tandem in a process of its own. */
export interface Tandem {
  readonly port: number;
  send(signal: NodeJS.Signals): void;
  /** Resolves when it is gone. */
  readonly gone: Promise<unknown>;
}

/** Tandems that are loaded already and wait for their settings. */
export interface Nursery extends AsyncDisposable {
  start(settings: Readonly<Record<string, string>>): Promise<Tandem>;
}

export function openNursery(): Nursery {
  const children = new Set<Child>();
  const bear = (): Child => {
    const child = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    // Whoever is told its settings may have been killed.
    child.stdin.on('error', () => {});
    return child;
  };
  const spare = Array.from({ length: SPARE }, bear);
  return {
    start: async (settings) => {
      spare.push(bear());
      const child = spare.shift() ?? bear();
      const gone = once(child, 'exit');
      child.stdin.write(
        `${JSON.stringify({ PORT: '0', RATE_LIMIT: '1000000', MAX_ALIASES: '200', ...settings })}\n`,
      );
      const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_START_MS);
      const port = await portOf(child).finally(() => clearTimeout(late));
      return { port, gone, send: (signal) => void child.kill(signal) };
    },
    [Symbol.asyncDispose]: async () => {
      const left = [...children];
      for (const child of left) child.kill('SIGKILL');
      await Promise.all(left.map((child) => once(child, 'exit')));
    },
  };
}

async function portOf(child: Child): Promise<number> {
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    if (port) return Number(port);
  }
  throw new Error('A Tandem ended before it listened.');
}
