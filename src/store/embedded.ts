import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { tryLock } from 'fs-native-extensions';
import { type Database, type DatabaseTarget, openDatabase } from './database.ts';

/** PGlite has one backend: more connections would only wait in another place. */
const CONNECTIONS = 4;
/** What fits into `sockaddr_un` (Linux 108, macOS 104, less the final zero). */
const LONGEST_SOCKET_PATH = 103;

/** Another process has the data directory. */
export class DirectoryInUse extends Error {
  constructor(directory: string) {
    super(`The data directory ${directory} is in use by another running Tandem.`);
    this.name = 'DirectoryInUse';
  }
}

/** Whether a Tandem has ever run on a directory. */
export const hasEmbedded = (directory: string) =>
  existsSync(join(directory, 'postgres', 'PG_VERSION'));

/**
 * Opens the embedded Postgres of a directory and owns it: PGlite in a worker thread, listening on a unix socket.
 * @throws {DirectoryInUse} at once, when another process owns it.
 */
export async function openEmbedded(
  directory: string,
  watching: Pick<DatabaseTarget, 'onStatement' | 'around'> = {},
): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // The kernel gives the lock back when its owner dies, however it dies.
  const lock = stack.adopt(await open(join(directory, 'lock'), 'a'), (file) => file.close());
  if (!tryLock(lock.fd)) throw new DirectoryInUse(directory);
  const path = await socketPath(directory);
  await rm(path, { force: true });
  stack.adopt(await startWorker({ data: join(directory, 'postgres'), path }), stopWorker);
  const database = stack.use(openDatabase({ path, connections: CONNECTIONS, ...watching }));
  const held = stack.move();
  return { ...database, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** Opens the embedded Postgres of a directory, or joins the running Tandem that owns it. */
export async function joinEmbedded(directory: string): Promise<Database> {
  try {
    return await openEmbedded(directory);
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error;
    return openDatabase({ path: await socketPath(directory), connections: 2 });
  }
}

async function startWorker(options: { data: string; path: string }): Promise<Worker> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: options,
  });
  const [message] = (await once(worker, 'message')) as [{ error?: string }];
  if (!message.error) return worker;
  await worker.terminate();
  throw new Error(`The embedded Postgres did not start: ${message.error}`);
}

async function stopWorker(worker: Worker) {
  const exited = once(worker, 'exit');
  worker.postMessage('stop');
  await exited;
}

/** In the directory itself where its name is short enough, else in a private folder under the temporary one. */
async function socketPath(directory: string): Promise<string> {
  const near = join(directory, 'socket');
  if (Buffer.byteLength(near) <= LONGEST_SOCKET_PATH) return near;
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `tandem-${hash}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, 'socket');
}
