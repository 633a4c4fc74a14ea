import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Probe, Usage } from './probe.ts';
import { end, type Handlers, type Remote, remoteOf } from './rpc.ts';

const HERE = import.meta.dirname;
const MAIN = join(HERE, '..', 'src', 'main.ts');

type Input = 'ignore' | 'pipe';

/** One of Tandem's own commands, with the probe in it and nothing of this environment. */
const command = (args: readonly string[], url: string, input: Input, settings = {}) =>
  node(MAIN, args, url, input, settings);

function node(file: string, args: readonly string[], url: string, input: Input, settings: object) {
  const flags = ['--expose-gc', '--import', join(HERE, 'probe.ts')];
  return spawn(process.execPath, [...flags, file, ...args], {
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

/** A server in a process of its own. */
export interface Gateway<H extends Handlers = Probe> extends AsyncDisposable, Remote<H> {
  readonly url: string;
  /** Lets it do nothing at all. */
  freeze(): void;
  thaw(): void;
}

/** The request rate and the number of connections are free; every check is on. */
export const ROOMY = {
  PORT: '0',
  RATE_LIMIT: '1000000000',
  MAX_CONNECTIONS: '100000',
  MAX_STREAMS_PER_USER: '100000',
};

/** Runs `serve` on a free port, with these settings, too. */
export async function startGateway(url: string, settings: object = {}): Promise<Gateway> {
  return served(command(['serve'], url, 'ignore', { ...ROOMY, ...settings }));
}

/** Runs a server of this folder's, which says where it listens as Tandem does. */
export const startServer = <H extends Handlers>(file: string, url: string) =>
  served<H & Probe>(node(join(HERE, file), [], url, 'ignore', {}));

async function served<H extends Handlers>(child: ChildProcess): Promise<Gateway<H>> {
  return {
    ...remoteOf<H>(child),
    url: await listening(child),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => end(child),
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
