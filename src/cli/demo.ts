import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { issueToken } from '../auth/tokens.ts';
import { type Config, ConfigError, dataDirectory, readConfig } from '../config.ts';
import { createExchange } from '../connectors/simulator/exchange.ts';
import { createSimulator } from '../connectors/simulator/simulator.ts';
import { importFile } from '../import/import.ts';
import { createLogger, type Log } from '../observe/log.ts';
import { traceStatements } from '../observe/trace-statements.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { Database } from '../store/database.ts';
import { openEmbedded } from '../store/embedded.ts';
import { migrate } from '../store/migrate.ts';
import { DEMO_USERS, demoRecords, VERBA_TOKEN } from './demo-data.ts';
import { adoptNamedCalls, startTraffic } from './demo-switch.ts';
import { demoText } from './demo-text.ts';
import { openTraces } from './open-traces.ts';
import { runUntilStopped } from './run.ts';
import { openTandem, type RunningTandem } from './services.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Serves the demo on its own embedded database, until it is told to stop. */
export async function demo(): Promise<void> {
  const config = readConfig(process.env);
  if (!LOOPBACK.includes(config.HOST)) {
    throw new ConfigError(
      'HOST must be a loopback address for the demo: its passwords are printed in the documentation.',
    );
  }
  const log = createLogger(process.env['LOG_LEVEL'] ? config.LOG_LEVEL : 'warn');
  await runUntilStopped({ log, drainMs: config.DRAIN_MS }, async (stack) => {
    const tracing = stack.use(await openTraces(config, log));
    const watching = tracing ? { around: traceStatements(tracing) } : {};
    const directory = join(dataDirectory(config), '..', 'tandem-demo');
    const database = stack.use(await openEmbedded(directory, watching));
    const running = stack.use(await openDemo({ config, database, log, tracing }));
    const url = `http://${config.HOST}:${running.port}`;
    process.stdout.write(demoText(url, { csrf: config.GWS_CSRF }));
  });
}

interface DemoOptions {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  readonly tracing?: Tracing | null;
}

/** Lays the demo's data anew in a database and serves it, with the simulated switch carrying live calls. */
export async function openDemo(options: DemoOptions): Promise<RunningTandem> {
  const { config, database } = options;
  await using stack = new AsyncDisposableStack();
  await migrate(database);
  const organizations = await layData(database);
  const exchange = createExchange();
  adoptNamedCalls(exchange, organizations);
  const demoSwitch = { id: 'demo', connector: createSimulator(exchange) };
  const graphiqlHeaders = JSON.stringify({ Authorization: 'Bearer demo-alice-token' });
  const switches = [demoSwitch, ...config.CONNECTORS];
  const tandem = stack.use(await openTandem({ ...options, switches, graphiqlHeaders }));
  await tandem.linked(demoSwitch.id);
  stack.use(startTraffic(exchange, organizations));
  const held = stack.move();
  return { ...tandem, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function layData(database: Database) {
  await database.transaction(async (tx) => {
    // Nobody's deeds: the demo begins anew with its organizations.
    await tx.rows(sql`alter table audit_entries disable trigger audit_entries_kept`);
    await tx.rows(sql`truncate organizations, call_changes, audit_entries, audit_heads cascade`);
    await tx.rows(sql`alter table audit_entries enable trigger audit_entries_kept`);
  });
  await database.rows(sql`update feed_state set incarnation = gen_random_uuid()`);
  await importFile({ database, lines: linesOf(demoRecords(new Date())) });
  for (const username of DEMO_USERS) await giveToken(database, username, `demo-${username}-token`);
  await giveToken(database, 'alice', VERBA_TOKEN);
  const rows = await database.rows<{ key: string; id: string }>(
    sql`select key, id from organizations`,
  );
  const idOf = (key: string) => rows.find((row) => row.key === key)?.id ?? '';
  return { acme: idOf('acme'), globex: idOf('globex') };
}

async function* linesOf(records: readonly object[]) {
  for (const record of records) yield JSON.stringify(record);
}

async function giveToken(database: Database, username: string, text: string) {
  const [user] = await database.rows<{ userId: string; organizationId: string }>(
    sql`select id as "userId", organization_id as "organizationId" from users where username = ${username}`,
  );
  if (user) await issueToken(database, { ...user, expiresAt: null, text });
}
