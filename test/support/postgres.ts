import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startCluster } from './cluster.ts';

/** Where the tests' Postgres is, and the migrated database that fresh ones are copied from. */
export interface PostgresOfTests {
  readonly adminUrl: string;
  readonly template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresOfTests;
  }
}

/** Vitest's global setup: a throw-away cluster, or the server of TEST_DATABASE_URL. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using stack = new AsyncDisposableStack();
  const adminUrl = process.env['TEST_DATABASE_URL'] ?? stack.use(await startCluster()).url;
  const template = `tandem_template_${randomBytes(6).toString('hex')}`;
  const admin = stack.adopt(postgres(adminUrl, { max: 1, onnotice: () => {} }), (sql) => sql.end());
  await admin.unsafe(`create database ${template}`);
  stack.defer(async () => {
    await admin.unsafe(`drop database if exists ${template} with (force)`);
  });
  await using database = openDatabase({ url: databaseUrl(adminUrl, template), connections: 2 });
  await migrate(database);
  project.provide('postgres', { adminUrl, template });
  const held = stack.move();
  return () => held.disposeAsync();
}

/** The URL of another database on the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
