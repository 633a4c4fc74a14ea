import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import pRetry from 'p-retry';
import { freeUdpPort, isUdpPortTaken } from './ports.ts';

/** What SIPp plays: a file of `test/kamailio/sipp`. */
export type Scenario =
  | 'uac'
  | 'uac_digits'
  | 'uac_hold'
  | 'uac_instant'
  | 'uac_old_hold'
  | 'uac_timed'
  | 'uas'
  | 'uas_digits'
  | 'uas_instant'
  | 'uas_crossing'
  | 'uas_ring';

/** Telephones at one end, each with one call. */
export interface Phones extends AsyncDisposable {
  /** Resolves when all their calls are over: whether each went as its scenario says. */
  readonly content: Promise<boolean>;
}

interface Choices {
  readonly scenario: Scenario;
  /** How many calls there will be; default 1. */
  readonly calls?: number;
  /** More of SIPp's command line. */
  readonly args?: readonly string[];
}

/** Phones that wait to be called at a port; they hear when this resolves. */
export async function startCallees(port: number, choices: Choices): Promise<Phones> {
  const phones = start({ ...choices, port, target: '127.0.0.1' });
  await pRetry(
    async () => {
      if (!(await isUdpPortTaken(port))) throw new Error(`No SIPp on port ${port}.`);
    },
    { retries: 500, minTimeout: 20, factor: 1 },
  );
  return phones;
}

/** Phones that call through a switch, all at once. */
export async function startCallers(switchPort: number, choices: Choices): Promise<Phones> {
  const port = await freeUdpPort();
  return start({ ...choices, port, target: `127.0.0.1:${switchPort}` });
}

function start({
  scenario,
  calls = 1,
  args = [],
  port,
  target,
}: Choices & { readonly port: number; readonly target: string }): Phones {
  const file = `${import.meta.dirname}/../kamailio/sipp/${scenario}.xml`;
  const counts = ['-m', String(calls), '-l', String(calls), '-r', '100'];
  const where = ['-i', '127.0.0.1', '-p', String(port), '-sf', file];
  const sipp = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'sipp', target, ...where, ...counts, '-nostdin', ...args],
    { stdio: 'ignore' },
  );
  return { content: ending(sipp), [Symbol.asyncDispose]: () => stop(sipp) };
}

async function ending(sipp: ChildProcess): Promise<boolean> {
  const [code] = await once(sipp, 'exit');
  return code === 0;
}

async function stop(sipp: ChildProcess): Promise<void> {
  if (sipp.exitCode !== null || sipp.signalCode !== null) return;
  const exited = once(sipp, 'exit');
  sipp.kill('SIGKILL');
  await exited;
}
