import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Functions that another process may call, by their names. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The other process's functions. */
export interface Remote<H extends Handlers> {
  call<Name extends keyof H>(
    name: Name,
    ...args: Parameters<H[Name]>
  ): Promise<Awaited<ReturnType<H[Name]>>>;
}

interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: never[];
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Answers the parent's calls; names that it does not know are for others in this process. */
export function answerCalls(handlers: Handlers): void {
  process.on('message', async (message) => {
    const { id, name, args } = message as Call; // what `remoteOf` sends
    const handler = handlers[name];
    if (!handler) return;
    try {
      process.send?.({ id, value: await handler(...args) } satisfies Answer);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.send?.({ id, error: text } satisfies Answer);
    }
  });
}

/** Calls the functions of a child that answers calls; they are rejected when it ends. */
export function remoteOf<H extends Handlers>(child: ChildProcess): Remote<H> {
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  let last = 0;
  child.setMaxListeners(0);
  child.on('message', (message) => {
    const { id, value, error } = message as Answer; // what `answerCalls` sends
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`A process ended with ${code}.`));
  });
  return {
    call(name, ...args) {
      last += 1;
      const answer = Promise.withResolvers<never>();
      waiting.set(last, answer);
      child.send({ id: last, name: String(name), args: args as never[] } satisfies Call);
      return answer.promise;
    },
  };
}

/** Ends a process of ours and waits for that. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
