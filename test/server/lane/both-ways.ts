import { sql } from 'drizzle-orm';
import { issueToken } from '../../../src/auth/tokens.ts';
import { demoRecords } from '../../../src/cli/demo-data.ts';
import { openTandem } from '../../../src/cli/services.ts';
import { readConfig } from '../../../src/config.ts';
import { importFile } from '../../../src/import/import.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';
import { rawExchange } from '../../support/raw.ts';

/** Two Tandems on one database, of which the second sends everything through Yoga. */
export interface BothWays extends AsyncDisposable {
  readonly database: FreshDatabase;
  readonly urls: readonly [lane: string, yoga: string];
  /** Sends the same bytes to both, twice, as the lane knows only what has come before; gives the second answers. */
  exchange(request: string): Promise<readonly [lane: string, yoga: string]>;
}

/** The token of a user of the demo's data. */
export const tokenOf = (username: string) => `both-ways-${username}`;

/** Starts them on the demo's data, with no switch, so that nothing changes by itself. */
export async function startBothWays(
  settings: Readonly<Record<string, string>> = {},
): Promise<BothWays> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const lines = linesOf(demoRecords(new Date()));
  await importFile({ database, lines });
  await giveTokens(database);
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0', ...settings });
  const log = createLogger('silent');
  const open = (withoutLane: boolean) =>
    openTandem({ config, database, switches: [], log, withoutLane });
  const [lane, yoga] = [stack.use(await open(false)), stack.use(await open(true))];
  const held = stack.move();
  const twice = async (port: number, request: string) => {
    await answerOf(port, request);
    return comparable(await answerOf(port, request));
  };
  return {
    database,
    urls: [`http://127.0.0.1:${lane.port}`, `http://127.0.0.1:${yoga.port}`],
    exchange: (request) => Promise.all([twice(lane.port, request), twice(yoga.port, request)]),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function giveTokens(database: FreshDatabase) {
  const users = await database.rows<{ id: string; organizationId: string; username: string }>(
    sql`select id, organization_id as "organizationId", username from users`,
  );
  for (const { id, organizationId, username } of users) {
    const text = tokenOf(username);
    await issueToken(database, { userId: id, organizationId, expiresAt: null, text });
    const scopes = ['CONTROL'] as const;
    const narrow = { userId: id, organizationId, expiresAt: null, scopes, text: `${text}-narrow` };
    await issueToken(database, narrow);
  }
}

/** What hangs is shown with what was asked. */
async function answerOf(port: number, request: string): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`No end to the answer of ${request}`)),
    8000,
  );
  try {
    return await Promise.race([rawExchange(port, request), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** All but the date; ids of requests are given by whoever asks. */
const comparable = (answer: string) => answer.replace(/^Date: .*\r\n/m, '');

async function* linesOf(records: readonly object[]) {
  for (const record of records) yield JSON.stringify(record);
}
