import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type Database, type DatabaseTarget, openDatabase } from '../../src/store/database.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { databaseUrl } from './postgres.ts';

const CONNECTIONS = 10;

/** A Postgres database of a test file's own. */
export interface FreshDatabase extends Database {
  /** For further pools, or for another process. */
  readonly url: string;
}

/** A data directory of a test file's own. */
export interface FreshEmbedded extends Database {
  readonly directory: string;
}

type Options = Pick<DatabaseTarget, 'onStatement'> & {
  /** False gives a database without tables. */
  readonly migrated?: boolean;
};

/** Makes a migrated database on the tests' Postgres; disposing drops it. For `.pg.test.ts` and `.system.test.ts`. */
export async function freshDatabase(options: Options = {}): Promise<FreshDatabase> {
  await using stack = new AsyncDisposableStack();
  const { adminUrl, template } = inject('postgres');
  const name = `tandem_${randomBytes(8).toString('hex')}`;
  const admin = stack.adopt(postgres(adminUrl, { max: 1, onnotice: () => {} }), (sql) => sql.end());
  const from = options.migrated === false ? 'template1' : template;
  await admin.unsafe(`create database ${name} template ${from}`);
  stack.defer(async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
  });
  const url = databaseUrl(adminUrl, name);
  const { onStatement } = options;
  const database = stack.use(openDatabase({ url, connections: CONNECTIONS, onStatement }));
  const held = stack.move();
  return { ...database, url, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** Opens a migrated embedded Postgres in a temporary directory; disposing removes it. */
export async function freshEmbedded(options: Options = {}): Promise<FreshEmbedded> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await freshDirectory()).path;
  const database = stack.use(await openEmbedded(directory, { onStatement: options.onStatement }));
  if (options.migrated !== false) await migrate(database);
  const held = stack.move();
  return { ...database, directory, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** Makes an empty temporary directory; disposing removes it. */
export async function freshDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'tandem-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Runs a suite on Postgres and on the embedded one, each with a migrated database that all its tests share.
 * For `.pg.test.ts`.
 */
export function eachStore(suite: (database: () => Database) => void): void {
  const stores = { Postgres: freshDatabase, 'embedded Postgres': freshEmbedded };
  for (const [name, open] of Object.entries(stores)) {
    describe(`on ${name}`, () => {
      let opened: Database | undefined;
      beforeAll(async () => {
        opened = await open();
      });
      afterAll(() => opened?.[Symbol.asyncDispose]());
      suite(() => {
        if (!opened) throw new Error('The database is there in tests and hooks only.');
        return opened;
      });
    });
  }
}
