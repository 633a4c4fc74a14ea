import { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { GatewayError } from '../model/errors.ts';
import { createPreparedTexts } from './prepared-texts.ts';

/** A statement that has been built. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
  /**
   * Whether it finds a few rows by an index: such ones that are asked for in one turn go out together, on one
   * connection. To wake a backend costs more than they do, and none keeps the others waiting for long.
   */
  readonly isSmall?: boolean;
}

/** Runs statements: on any connection, or all on the one of a transaction. */
export interface Executor {
  /** Runs a statement, prepared by its text when that has come before, and gives its rows, columns as the statement names them. */
  rows<Row = Record<string, unknown>>(statement: SQL | Statement): Promise<Row[]>;
}

/** The connection of a transaction. */
export interface Transaction extends Executor {
  /**
   * Sends a statement whose rows nobody needs, without a turn to wait for it. When it fails, the transaction rejects
   * with its error, once the work is done, whatever the work itself says then.
   */
  send(statement: SQL | Statement): void;
  /**
   * Sends the last statement, with the commit right behind it: no turn goes by in which others wait for what it has
   * locked. When it fails, the commit is a rollback, and the transaction rejects.
   */
  last(statement: SQL | Statement): void;
}

/** The store's door: one pool of connections to Postgres, or to the embedded one. */
export interface Database extends Executor, AsyncDisposable {
  readonly client: postgres.Sql;
  readonly drizzle: PostgresJsDatabase;
  /** Whether it is the embedded one, which has nobody else to look after it. */
  readonly isEmbedded: boolean;
  /** Commits when the work resolves, rolls back when it throws. Inside, use nothing but the transaction. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** How to reach a Postgres: a URL, or options for the driver. */
export interface DatabaseTarget {
  readonly url?: string;
  /** A unix socket. */
  readonly path?: string;
  readonly connections: number;
  /** For a server: no request may keep others waiting, and no machine that is gone the locks that it had. */
  readonly serves?: boolean;
  /** Sees the text of each statement; for counting them. */
  readonly onStatement?: ((text: string) => void) | undefined;
  /** Runs each statement, and `transaction` for each one of these; for timing them. */
  readonly around?: Around | undefined;
}

/** Runs what a text stands for; it is the statement's, without its parameters. */
export type Around = <T>(text: string, work: () => Promise<T>) => Promise<T>;

/**
 * Postgres's own settings of a server's sessions, times in milliseconds: it ends statements whose client has long
 * given up, or that wait for somebody's lock, and transactions of a process that is frozen or a machine that is gone; keepalives are in seconds.
 */
const SERVING = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 4000,
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  // Compiling takes seconds of CPU, whenever Postgres thinks that much is to be read: all statements here read little.
  jit: 'off',
};

/** Later than Postgres itself would say that a statement took too long. */
const ANSWER_S = 35;

const dialect = new PgDialect();

/** Opens a pool. Nothing is connected before the first statement. */
export function openDatabase(target: DatabaseTarget): Database {
  const { url, path, connections, serves = false, onStatement, around } = target;
  const options: postgres.Options<Record<string, never>> & { answer_timeout?: number } = {
    max: connections,
    onnotice: () => {},
    // The driver's own waits grow with every connection of the pool that is refused, up to 20 s.
    backoff: () => 0.1 + Math.random() * 0.2,
    // Whoever looks for a wrong number wants the time zone to be none of the suspects.
    connection: { application_name: 'tandem', TimeZone: 'UTC', ...(serves && SERVING) },
    // Seconds; by a patch of ours. A machine that is gone gives no answer, and TCP waits for it for a quarter of an hour.
    ...(serves && { answer_timeout: ANSWER_S }),
    ...(path && { path, user: 'postgres', database: 'postgres' }),
  };
  const isPrepared = createPreparedTexts();
  const client = url ? postgres(url, options) : postgres(options);
  const orm = drizzle({ client });
  const executor = (on: Pick<postgres.Sql, 'unsafe'>): Executor => ({
    rows: async <Row>(statement: SQL | Statement) => {
      const { sql, params, isSmall } = textOf(statement);
      onStatement?.(sql);
      // The driver encodes each parameter by the type that the statement gives it.
      const values = params as postgres.ParameterOrJSON<never>[];
      // `together` is by a patch of ours.
      const how = { prepare: isPrepared(sql), together: isSmall };
      // At once: what is sent after it must not overtake it.
      const run = () => on.unsafe(sql, values, how).execute();
      const rows = await (around ? around(sql, async () => run()) : run()).catch(refuseData);
      return rows as unknown as Row[];
    },
  });
  return {
    client,
    drizzle: orm,
    isEmbedded: path !== undefined,
    ...executor(client),
    transaction: (work) => {
      const run = () => transact(client, work, executor);
      return around ? around('transaction', run) : run();
    },
    [Symbol.asyncDispose]: () => client.end({ timeout: 2 }),
  };
}

const textOf = (statement: SQL | Statement): Statement =>
  statement instanceof SQL ? dialect.sqlToQuery(statement) : statement;

async function transact<T>(
  client: postgres.Sql,
  work: (tx: Transaction) => Promise<T>,
  executor: (on: postgres.TransactionSql) => Executor,
): Promise<T> {
  const sent: Promise<unknown>[] = [];
  let isClosing = false;
  const begun = client.begin((connection) => {
    const on = executor(connection);
    const beforeLast = () => {
      if (isClosing) throw new Error('A transaction has sent its last statement already.');
    };
    const send = (statement: SQL | Statement) => {
      beforeLast();
      // One that cannot be built fails here, and the work with it.
      const sending = on.rows(textOf(statement));
      sending.catch(() => {});
      sent.push(sending);
    };
    return work({
      send,
      rows: async (statement) => {
        beforeLast();
        return on.rows(statement);
      },
      last(statement) {
        send(statement);
        isClosing = true;
      },
    });
  });
  try {
    const result = await begun;
    // Behind one that has failed the commit is a rollback, and says nothing of it.
    await Promise.all(sent);
    return result as T;
  } catch (error) {
    throw (await causeAmong(sent)) ?? error;
  }
}

/** The first failure that is none of another's: those behind one say only that it was there. */
async function causeAmong(sent: readonly Promise<unknown>[]): Promise<unknown> {
  const settled = await Promise.allSettled(sent);
  const failures = settled.filter((one) => one.status === 'rejected');
  return failures.find(({ reason }) => reason.code !== ABORTED)?.reason;
}

/** In a transaction, for what comes behind a statement that has failed. */
const ABORTED = '25P02';

/** Class 22, data exceptions: a value that Postgres cannot keep, such as U+0000 in a text. */
function refuseData(error: unknown): never {
  const isData = error instanceof postgres.PostgresError && /^(22|54)/.test(error.code);
  throw isData
    ? new GatewayError('BAD_INPUT', 'A value is malformed, or out of the range that can be kept.', {
        cause: error,
      })
    : error;
}

/** The first row, or undefined. */
export async function firstRow<Row>(on: Executor, statement: SQL): Promise<Row | undefined> {
  const [row] = await on.rows<Row>(statement);
  return row;
}
