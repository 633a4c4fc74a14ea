import type { Sink, Subscribe } from './options.ts';

interface Options {
  readonly subscribe: Subscribe;
  readonly after: string | null;
  readonly silenceMs: number;
  onResult(result: unknown, isFirst: boolean): void;
  /** Called once, with what ended it; not after it was left. */
  onEnd(error: unknown): void;
}

/** Starts one subscription; gives how to leave it, which may be done more than once. Throws what `subscribe` throws. */
export function openAttempt({ subscribe, after, silenceMs, onResult, onEnd }: Options): () => void {
  let isOver = false;
  let isFirst = true;
  let heardAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave: (() => void) | undefined;

  function leaveOnce() {
    isOver = true;
    clearTimeout(timer);
    const last = leave;
    leave = undefined;
    last?.();
  }
  function end(error: unknown) {
    if (isOver) return;
    leaveOnce();
    onEnd(error);
  }
  function listen() {
    const left = heardAt + silenceMs - Date.now();
    if (left <= 0) end(new Error(`Nothing came for ${silenceMs} ms.`));
    else timer = setTimeout(listen, left);
  }

  const sink: Sink = {
    next(result) {
      if (isOver) return;
      heardAt = Date.now();
      const wasFirst = isFirst;
      isFirst = false;
      onResult(result, wasFirst);
    },
    error: end,
    complete: () => end(new Error('The server ended the subscription.')),
  };
  listen();
  try {
    leave = subscribe({ after }, sink);
  } catch (error) {
    leaveOnce();
    throw error;
  }
  // It may have ended before it gave how to leave.
  if (isOver) leaveOnce();
  return leaveOnce;
}
