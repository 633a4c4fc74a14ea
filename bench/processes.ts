import { fork } from 'node:child_process';
import { join } from 'node:path';
import { end, type Handlers, type Remote, remoteOf } from './rpc.ts';

/** Starts a file of this folder's in a process of its own, which answers calls. */
export function openProcess<H extends Handlers>(
  file: string,
  args: readonly string[] = [],
): Remote<H> & AsyncDisposable {
  const child = fork(join(import.meta.dirname, file), args);
  return { ...remoteOf<H>(child), [Symbol.asyncDispose]: () => end(child) };
}
