import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Usage } from './probe.ts';

const HERE = import.meta.dirname;
const MAIN = join(HERE, '..', 'src', 'main.ts');

type Input = 'ignore' | 'pipe';

/** One of Tandem's own commands, with the probe in it and nothing of this environment. */
function command(args: readonly string[], url: string, input: Input, settings = {}) {
  return spawn(process.execPath, ['--import', join(HERE, 'probe.ts'), MAIN, ...args], {
    env: { DATABASE_URL: url, LOG_LEVEL: 'warn', ...settings },
    stdio: [input, 'pipe', 'inherit', 'ipc'],
  });
}

const usageOf = async (child: ChildProcess): Promise<Usage> => {
  const [usage] = await once(child, 'message');
  return usage; // what the probe sends
};

async function finished(child: ChildProcess, name: string): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`\`tandem ${name}\` ended with ${code}.`);
}

/** Runs `import -`, and gives what it took. */
export async function importLines(url: string, lines: Iterable<string>) {
  const start = performance.now();
  const child = command(['import', '-'], url, 'pipe');
  const { stdin } = child;
  if (!stdin) throw new Error('The import has no standard input.');
  const [usage] = await Promise.all([
    usageOf(child),
    finished(child, 'import'),
    pipeline(Readable.from(lines), stdin),
  ]);
  return { seconds: (performance.now() - start) / 1000, peakMb: usage.peakMb };
}

/** Runs `token`. */
export async function tokenOf(url: string, username: string): Promise<string> {
  const child = command(['token', username, '--ttl', '1d'], url, 'ignore');
  if (!child.stdout) throw new Error('`tandem token` has no standard output.');
  const [printed] = await Promise.all([text(child.stdout), finished(child, 'token')]);
  return printed.trim();
}

/** A Tandem in a process of its own. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  usage(): Promise<Usage>;
}

/** Runs `serve` on a free port, with every check on and only the request rate out of the way. */
export async function startGateway(url: string): Promise<Gateway> {
  const child = command(['serve'], url, 'ignore', { PORT: '0', RATE_LIMIT: '1000000000' });
  return {
    url: await listening(child),
    usage: () => {
      const usage = usageOf(child);
      child.send('usage');
      return usage;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('`tandem serve` has no standard output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /listening on (http\S+)/.exec(line) ?? [];
    if (!url) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('`tandem serve` did not start.');
}
