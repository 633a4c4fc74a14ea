import { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { openTandem } from '../src/cli/services.ts';
import { readConfig } from '../src/config.ts';
import { wrapCommands } from '../src/connectors/command-wrapper.ts';
import {
  type SwitchCall,
  type SwitchConnector,
  SwitchError,
  type SwitchEvents,
} from '../src/connectors/connector.ts';
import { adopted } from '../src/connectors/simulator/adopted-call.ts';
import { createLogger } from '../src/observe/log.ts';
import { type Database, type Executor, openDatabase } from '../src/store/database.ts';
import { ROOMY } from './gateway.ts';
import { atRate, type Pace } from './pace.ts';
import { answerCalls } from './rpc.ts';
import { extensionOf } from './scene.ts';
import { clock, sequenceText } from './writer.ts';

// Tandem with a switch whose calls get new user data all the time: what is committed, this process commits itself.
const EPOCH = 'bench';
const OFFERED = new Date().toISOString();
const url = process.env['DATABASE_URL'] ?? '';
const database = openDatabase({ url, connections: 10 });
const dialect = new PgDialect();
const commits = new Map<number, number>();
const waiting = new Map<number, () => void>();

/** The number that a statement writes into a call's user data. */
function sequenceIn(params: readonly unknown[]): number | null {
  for (const param of params) {
    if (param && typeof param === 'object' && 'seq' in param) return Number(param.seq);
  }
  return null;
}

/** The database, with a note of when the transaction of each number has committed. */
const watched: Database = {
  ...database,
  transaction: async (work) => {
    let number: number | null = null;
    const look = (tx: Executor): Executor => ({
      rows: (statement) => {
        const { params } = statement instanceof SQL ? dialect.sqlToQuery(statement) : statement;
        number ??= sequenceIn(params);
        return tx.rows(statement);
      },
    });
    const result = await database.transaction((tx) => work({ ...tx, ...look(tx) }));
    if (number !== null) {
      commits.set(number, clock());
      waiting.get(number)?.();
      waiting.delete(number);
    }
    return result;
  },
};

const calls = new Map<string, SwitchCall>();
let events: SwitchEvents | undefined;
const closed = Promise.withResolvers<string>();
const refuse = async (): Promise<never> => {
  throw new SwitchError('UNSUPPORTED', 'This switch only speaks.');
};

const connector: SwitchConnector = {
  kind: 'bench',
  capabilities: new Set(['USER_DATA']),
  connect: async (given) => {
    events = given;
    return {
      closed: closed.promise,
      list: async () => ({ epoch: EPOCH, calls: [...calls.values()] }),
      ...wrapCommands(refuse),
      [Symbol.asyncDispose]: async () => closed.resolve('closed'),
    };
  },
};

const callOf = (key: string, seat: number, sequence: number): SwitchCall =>
  adopted(
    {
      nativeId: `${key}-${seat}`,
      parties: [
        { role: 'CALLER', number: '+40722000111' },
        { role: 'CALLEE', number: extensionOf(key, seat) },
      ],
      userData: { crm: '0042', seq: sequenceText(sequence) },
    },
    EPOCH,
    OFFERED,
  );

let told = 0;

const handlers = {
  /** Tells of the calls of these seats in turn, and gives each number with the time of its commit. */
  ring: async (key: string, seats: number, pace: Pace) => {
    commits.clear();
    await atRate(pace, async () => {
      const call = callOf(key, told % seats, told);
      calls.set(call.nativeId, call);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(told, resolve);
      told += 1;
      events?.call(call);
      await promise;
    });
    return [...commits];
  },
};

/** What the Tandem with that switch can be asked, beside the probe. */
export type SwitchServer = typeof handlers;

const config = readConfig({ ...process.env, ...ROOMY });
const switches = [{ id: 'bench', connector }];
const log = createLogger('warn');
const tandem = await openTandem({ config, database: watched, switches, log });
await tandem.linked('bench');
answerCalls(handlers);
process.stdout.write(`listening on http://127.0.0.1:${tandem.port}/graphql\n`);
