import { openAttempt } from './attempt.ts';
import { describe } from './describe.ts';
import { FollowError } from './follow-error.ts';
import type { LinkOptions } from './options.ts';
import { createRetries } from './retries.ts';
import { createTurns, type Turn } from './turns.ts';

/** What goes over a link, and where it stands. */
interface Traffic<Step> {
  /** Where the next subscription begins. */
  after(): string | null;
  /** Understands a result, `isFirst` of its subscription; throws what it says instead of a message. */
  read(result: unknown, isFirst: boolean): Step;
  /** Hands it to the application; true asks for a new subscription. */
  tell(step: Step): boolean;
  /** Gives up the position from which it would resume; false when there is none. */
  isRid(): boolean;
  /** Called when the link has ended for good. */
  end(error: FollowError): void;
}

/** One subscription after the other. */
export interface Link {
  /** Subscribes, then leaves the subscription that there was. */
  begin(): void;
  /** Leaves, and does not come back by itself. */
  stop(): void;
}

/** Tries again what passes, with more and more time between. */
export function createLink<Step>(options: LinkOptions, traffic: Traffic<Step>): Link {
  const { subscribe, onRetry, renewLogin } = options;
  const retries = createRetries(options);
  const turns = createTurns();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function nextTurn(): Turn {
    clearTimeout(timer);
    return turns.next();
  }
  const stop = () => nextTurn().leaveLast();
  function end(error: FollowError) {
    stop();
    traffic.end(error);
  }

  function begin() {
    const { only, hold, leaveLast } = nextTurn();
    const [after, silenceMs] = [traffic.after(), retries.silenceMs()];
    const [onResult, onEnd] = [only(take), only(fail)];
    try {
      hold(openAttempt({ subscribe, after, silenceMs, onResult, onEnd }));
    } catch (cause) {
      end(new FollowError('HANDLER_FAILED', '`subscribe` threw.', cause));
    }
    leaveLast();
  }

  function take(result: unknown, isFirst: boolean) {
    const turn = turns.now();
    let step: Step;
    try {
      step = traffic.read(result, isFirst);
    } catch (error) {
      return fail(error);
    }
    retries.reset();
    try {
      // The application may leave meanwhile.
      if (traffic.tell(step) && turn.isNow()) begin();
    } catch (cause) {
      if (turn.isNow()) end(new FollowError('HANDLER_FAILED', 'A handler threw.', cause));
    }
  }

  function fail(error: unknown) {
    const next = retries.next(error);
    if (next instanceof FollowError) {
      if (next.code !== 'BAD_INPUT' || !traffic.isRid()) return end(next);
      // The position may have been what was bad, of another version or damaged: without one it may be well.
      return begin();
    }
    stop();
    timer = setTimeout(next.needsLogin ? login : begin, next.delayMs);
    onRetry?.({ error, ...describe(error), delayMs: next.delayMs });
  }

  function login() {
    const { only } = turns.now();
    const renewing = async () => renewLogin?.();
    renewing().then(only(begin), only(fail));
  }

  return { begin, stop };
}
