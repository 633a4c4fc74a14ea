import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A data home of a test's own, and commands over it in processes of their own. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  run(
    args: readonly string[],
    options?: { input?: string; settings?: Record<string, string> },
  ): Promise<Ended>;
  /** Starts a server on a free port; resolves when it listens. */
  serve(command: 'serve' | 'demo', settings?: Record<string, string>): Promise<Serving>;
}

export interface Serving {
  readonly url: string;
  /** What it has written to standard output up to its being ready. */
  readonly out: string;
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export async function freshHome(): Promise<Home> {
  const home = await mkdtemp(join(tmpdir(), 'tandem-cli-'));
  const children = new Set<ChildProcess>();
  const start = (args: readonly string[], settings: Record<string, string> = {}) => {
    const { DATABASE_URL: _, ...inherited } = process.env;
    const env = { ...inherited, XDG_DATA_HOME: home, PORT: '0', ...settings };
    const child = spawn(process.execPath, ['src/main.ts', ...args], { env });
    children.add(child);
    return child;
  };
  return {
    path: home,
    run: (args, { input = '', settings } = {}) => {
      const child = start(args, settings);
      child.stdin.end(input);
      return ending(child);
    },
    serve: async (command, settings) => {
      const child = start([command], settings);
      const ended = ending(child);
      const [out, url] = await Promise.race([listening(child), ended.then(neverListened)]);
      return { url, out, process: child, ended };
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill('SIGKILL');
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function ending(child: ReturnType<typeof spawn>): Promise<Ended> {
  let out = '';
  let error = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    error += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, error };
}

async function listening(child: ReturnType<typeof spawn>): Promise<[out: string, url: string]> {
  let out = '';
  for await (const chunk of child.stdout ?? []) {
    out += chunk;
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out) ?? [];
    if (url) return [out, url];
  }
  return neverListened({ code: null, out, error: '' });
}

function neverListened({ code, out, error }: Ended): never {
  throw new Error(`The server ended before it listened (${code}): ${out}${error}`);
}
