import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './cluster.ts';
import { freshDirectory } from './database.ts';

/** A NATS of the tests' own, which dies with this process at the latest. */
export interface NatsOfTests extends AsyncDisposable {
  /** With user and password. */
  readonly url: string;
  /** Kills it, and starts it anew on the same port; what it held in memory is gone. */
  restart(): Promise<void>;
  /** Kills it. */
  kill(): Promise<void>;
  /** Makes it stand still, as a machine or a network may, with all that it holds. */
  freeze(): void;
  thaw(): void;
}

/** Starts Debian's nats-server, with JetStream, on a free loopback port. */
export async function startNats(): Promise<NatsOfTests> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await freshDirectory()).path;
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const start = () => startServer(port, password, home);
  let server = await start();
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  stack.defer(kill);
  const held = stack.move();
  return {
    url: `nats://tandem:${password}@127.0.0.1:${port}`,
    restart: async () => {
      await kill();
      server = await start();
    },
    kill,
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function startServer(port: number, password: string, home: string): Promise<ChildProcess> {
  const login = ['--user', 'tandem', '--pass', password];
  const server = spawn(
    'setpriv',
    // So that not even a kill -9 of the test run leaves it behind.
    [
      ...['--pdeathsig', 'KILL', 'nats-server', '-a', '127.0.0.1', '-p', String(port)],
      ...['-js', '-sd', home, ...login],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('Server is ready')) {
      server.stderr.resume();
      return server;
    }
    said.push(line);
  }
  throw new Error(
    `nats-server did not start; \`npm run test:setup\` installs it:\n${said.join('\n')}`,
  );
}
