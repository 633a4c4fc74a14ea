import { openDemo } from '../../src/cli/demo.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observe/log.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';

interface Options {
  /** The demo's data and switch; nothing else is there yet. */
  readonly demo: true;
  /** Settings as the environment would give them. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Tandem of a test's own, over a database of its own, in this process. */
export interface TestTandem extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly database: FreshDatabase;
}

/** Starts one on a free port; disposing stops it and drops its database. */
export async function startTandem({ settings = {} }: Options): Promise<TestTandem> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0', ...settings });
  const log = createLogger('silent');
  const { port } = stack.use(await openDemo({ config, database, log }));
  const held = stack.move();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    database,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
