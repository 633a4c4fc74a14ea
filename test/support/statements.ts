import { openDemo } from '../../src/cli/demo.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observe/log.ts';
import { requestIds } from '../../src/server/request-id.ts';
import { freshDatabase } from './database.ts';

/** A demo Tandem that knows which statements each request has run. */
export interface CountingTandem extends AsyncDisposable {
  readonly url: string;
  /** Gives what the work gave, and the statements that ran on behalf of the request with these headers. */
  counting<T>(
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<{ readonly result: T; readonly statements: readonly string[] }>;
}

/** Starts one; the feed, the switch and other requests run statements at the same time, which do not count. */
export async function countingTandem(): Promise<CountingTandem> {
  await using stack = new AsyncDisposableStack();
  const run = new Map<string, string[]>();
  const onStatement = (text: string) => run.get(requestIds.getStore() ?? '')?.push(text);
  const database = stack.use(await freshDatabase({ onStatement }));
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url });
  const log = createLogger('silent');
  const { port } = stack.use(await openDemo({ config, database, log }));
  const held = stack.move();
  return {
    url: `http://127.0.0.1:${port}`,
    counting: async (work) => {
      const id = `counted-${run.size}`;
      const statements: string[] = [];
      run.set(id, statements);
      const result = await work({ 'x-request-id': id });
      return { result, statements };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
