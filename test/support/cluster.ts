import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { glob, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Postgres refuses to run as root, so root runs it as the user that Debian's package brings. */
const asUser = isRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
/** The root's own temporary directory may be closed to that user. */
const temporary = isRoot ? '/tmp' : tmpdir();

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  // The data die with the tests: nothing needs to survive a crash of the machine.
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** A PostgreSQL of the tests' own, which dies with this process at the latest. */
export interface Cluster extends AsyncDisposable {
  /** As superuser, on the database `postgres`. */
  readonly url: string;
  /** Kills every backend and starts anew on the same port and data. */
  restart(): Promise<void>;
}

/** Settings as in `postgresql.conf`. */
type Settings = Readonly<Record<string, string>>;

/** Starts an empty cluster from Debian's binaries on a free loopback port. */
export async function startCluster(settings: Settings = {}): Promise<Cluster> {
  const bin = await binaries();
  await using stack = new AsyncDisposableStack();
  const { stdout } = await run('setpriv', [
    ...asUser,
    'mktemp',
    '-d',
    `${temporary}/tandem-XXXXXX`,
  ]);
  const home = stack.adopt(stdout.trim(), (path) => rm(path, { recursive: true, force: true }));
  const data = `${home}/data`;
  const password = randomBytes(12).toString('hex');
  await initialise(bin, data, password);
  const port = await freePort();
  const start = () => startServer(bin, data, { ...SETTINGS, ...settings, port: String(port) });
  let server = await start();
  stack.defer(() => stop(server));
  const held = stack.move();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await stop(server);
      server = await start();
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function binaries(): Promise<string> {
  const found = await Array.fromAsync(glob('/usr/lib/postgresql/*/bin/initdb'));
  const versionOf = (path: string) => Number.parseFloat(path.split('/')[4] ?? '');
  const newest = found.sort((a, b) => versionOf(b) - versionOf(a))[0];
  if (newest) return newest.slice(0, -'/initdb'.length);
  throw new Error(
    'No PostgreSQL under /usr/lib/postgresql: run `npm run test:setup`, or set TEST_DATABASE_URL.',
  );
}

async function initialise(bin: string, data: string, password: string) {
  const options = '-U postgres -E UTF8 --no-locale --no-sync -A scram-sha-256';
  // initdb takes the password from a file, and cannot open the socket that a child of Node has for stdin.
  const script = `cat >"$1.password" && "$0" -D "$1" ${options} --pwfile="$1.password"`;
  const command = ['sh', '-c', script, `${bin}/initdb`, data];
  const initdb = run('setpriv', [...asUser, ...command], { cwd: '/' });
  initdb.child.stdin?.end(`${password}\n`);
  await initdb;
}

async function startServer(bin: string, data: string, all: Settings): Promise<ChildProcess> {
  const settings = Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const server = spawn(
    'setpriv',
    // So that not even a kill -9 of the test run leaves it behind.
    [...asUser, '--pdeathsig', 'QUIT', `${bin}/postgres`, '-D', data, ...settings],
    { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('ready to accept connections')) {
      server.stderr.resume();
      return server;
    }
    said.push(line);
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
}

async function stop(server: ChildProcess) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGQUIT');
  await exited;
}

/** A loopback port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
