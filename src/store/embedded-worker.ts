import { mkdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { inWholeQueries } from './whole-queries.ts';

const MAX_CONNECTIONS = 20;
const { data, path } = workerData as { data: string; path: string };

try {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const db = await PGlite.create(data);
  const server = new PGLiteSocketServer({
    db: inWholeQueries(db),
    path,
    maxConnections: MAX_CONNECTIONS,
  });
  await server.start();
  parentPort?.once('message', async () => {
    await server.stop();
    await db.close();
    process.exit(0);
  });
  parentPort?.postMessage({});
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
}
