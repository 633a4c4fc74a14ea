import postgres from 'postgres';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startCluster } from '../support/cluster.ts';
import { databaseUrl } from '../support/postgres.ts';
import { layScene, type Tenant } from './scene.ts';

const TEMPLATE = 'scene';

/** A PostgreSQL that may be broken, and the scene that each run gets a copy of. */
export interface Ground extends AsyncDisposable {
  readonly tenants: readonly Tenant[];
  /** Kills every backend and starts anew. */
  restart(): Promise<void>;
  /** A database with the scene laid; disposing drops it. */
  fresh(): Promise<AsyncDisposable & { readonly url: string; readonly name: string }>;
  /** Runs a statement as superuser, on the database `postgres`. */
  command(text: string): Promise<unknown>;
}

export async function openGround(): Promise<Ground> {
  await using stack = new AsyncDisposableStack();
  // A commit that anybody has seen must outlive the crash, as it does wherever Tandem is at work.
  const cluster = stack.use(await startCluster({ synchronous_commit: 'on' }));
  const admin = stack.adopt(
    postgres(cluster.url, { max: 2, onnotice: () => {}, backoff: () => 0.05 }),
    (sql) => sql.end(),
  );
  const command = (text: string) => admin.unsafe(text);
  await command(`create database ${TEMPLATE}`);
  const tenants = await lay(databaseUrl(cluster.url, TEMPLATE));
  const held = stack.move();
  let count = 0;
  let restarted = Promise.resolve();
  const restart = () => {
    restarted = restarted.then(cluster.restart);
    return restarted;
  };
  return {
    ...{ tenants, command, restart },
    fresh: async () => {
      count += 1;
      const name = `run_${count}`;
      await command(`create database ${name} template ${TEMPLATE}`);
      return {
        ...{ name, url: databaseUrl(cluster.url, name) },
        [Symbol.asyncDispose]: async () => {
          await command(`drop database ${name} with (force)`);
        },
      };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function lay(url: string): Promise<readonly Tenant[]> {
  await using database = openDatabase({ url, connections: 2 });
  await migrate(database);
  return await layScene(database);
}
