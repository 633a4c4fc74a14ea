import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import { createKamailio } from '../../src/connectors/kamailio/kamailio.ts';
import { freePort } from './cluster.ts';
import { freshDirectory } from './database.ts';
import { freeUdpPort } from './ports.ts';

/** A Kamailio of a test's own. */
export interface TestKamailio extends AsyncDisposable {
  readonly evapiPort: number;
  /** Where callers call. */
  readonly sipPort: number;
  /** Where callees wait. */
  readonly calleePort: number;
  /** The answer of a remote procedure, asked past Tandem. */
  ask(method: string, ...params: readonly (string | number)[]): Promise<unknown>;
  /** Ends it with all its processes, as a power cut would. */
  kill(): Promise<void>;
  /** Stops all its processes where they are: it is there, and silent. Killing it is the end of that. */
  freeze(): void;
  /** Starts it again; it listens when this resolves. */
  start(): Promise<void>;
}

/**
 * Starts one on free ports in a temporary directory; on others, when somebody has taken one of them before it came to
 * listen.
 */
export const startKamailio = (): Promise<TestKamailio> =>
  pRetry(startOnFreePorts, { retries: 2, minTimeout: 0 });

async function startOnFreePorts(): Promise<TestKamailio> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await freshDirectory());
  const [sipPort, calleePort] = [await freeUdpPort(), await freeUdpPort()];
  const [rpcPort, evapiPort] = [await freePort(), await freePort()];
  const defines = [
    `SIP_PORT=${sipPort}`,
    `RPC_PORT=${rpcPort}`,
    `CALLEE_URI="sip:127.0.0.1:${calleePort}"`,
    `EVAPI_ADDRESS="127.0.0.1:${evapiPort}"`,
  ];
  let running: ChildProcess | undefined;
  const kill = async () => {
    if (running) await killGroup(running);
    running = undefined;
  };
  const start = async () => {
    running = spawnKamailio(path, defines);
    await isUp(evapiPort, running);
  };
  stack.defer(kill);
  await start();
  const held = stack.move();
  return {
    evapiPort,
    sipPort,
    calleePort,
    ask: (method, ...params) => ask(rpcPort, method, params),
    kill,
    start,
    freeze() {
      if (running?.pid !== undefined) process.kill(-running.pid, 'SIGSTOP');
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function spawnKamailio(directory: string, defines: readonly string[]): ChildProcess {
  const config = `${import.meta.dirname}/../kamailio/kamailio.cfg`;
  const memory = ['-m', '64', '-M', '64'];
  const files = ['-f', config, '-Y', directory, '-P', join(directory, 'kamailio.pid')];
  const settings = defines.flatMap((define) => ['-A', define]);
  return spawn(
    'setpriv',
    // So that not even a kill -9 of the test run leaves it behind.
    ['--pdeathsig', 'TERM', 'kamailio', ...files, '-DD', '-E', ...memory, ...settings],
    // A process group of its own, to kill its processes together.
    { detached: true, stdio: 'ignore' },
  );
}

async function killGroup(kamailio: ChildProcess): Promise<void> {
  if (kamailio.pid === undefined || kamailio.exitCode !== null || kamailio.signalCode !== null)
    return;
  const exited = once(kamailio, 'exit');
  process.kill(-kamailio.pid, 'SIGKILL');
  await exited;
}

async function isUp(port: number, kamailio: ChildProcess): Promise<void> {
  const connector = createKamailio({ host: '127.0.0.1', port });
  await pRetry(
    async () => {
      const isGone = kamailio.exitCode !== null || kamailio.signalCode !== null;
      if (isGone) throw new AbortError('Kamailio did not start.');
      await using _link = await connector.connect({ call: () => {}, pressed: () => {} });
    },
    { retries: 200, minTimeout: 50, factor: 1 },
  );
}

async function ask(
  port: number,
  method: string,
  params: readonly (string | number)[],
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/RPC`, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result } = (await response.json()) as { result: unknown };
  return result;
}
