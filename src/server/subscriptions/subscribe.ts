import {
  createSourceEventStream,
  type ExecutionResult,
  type GraphQLError,
  type SubscriptionArgs,
} from 'graphql';
import type { Feed, Receiver } from '../../feed/feed.ts';
import { GatewayError } from '../../model/errors.ts';
import type { Context } from '../../operations/context.ts';
import type { Following } from '../../operations/follow-calls.ts';
import { withoutStatus } from '../errors.ts';
import type { Executor } from '../execute.ts';
import { createRenderings, type Rendering } from './rendering.ts';
import type { Sink } from './sink.ts';

/** A context, and where the results go instead of being given to whoever subscribes. */
export type SubscriberContext = Context & { readonly sink?: Sink };

type Args = SubscriptionArgs & { readonly contextValue: SubscriberContext };
/** A result that is written already, in the words of Yoga. */
type Written = ExecutionResult & { readonly stringify: () => string };
type Results = AsyncGenerator<Written, void, undefined>;

/** Runs a subscription. */
export type Subscribe = (args: SubscriptionArgs) => Promise<Results | ExecutionResult>;

/** Subscribes without executing anything for one subscriber that another has got already. */
export function createSubscribe(
  run: Executor,
  toWire: (error: unknown) => GraphQLError,
): Subscribe {
  const renderings = createRenderings(run, toWire);
  return async (given) => {
    const args = given as Args; // the edge has made the context
    // What is thrown would end the whole socket of an operation.
    const source = await createSourceEventStream(args).catch((error: unknown) => ({
      errors: [args.contextValue.sink ? withoutStatus(toWire(error)) : toWire(error)],
    }));
    if (!(Symbol.asyncIterator in source)) return source;
    const following = source as Following; // the schema has one subscription, and that is what it gives
    const { feed, sink } = args.contextValue;
    const open = () => renderings(args);
    return sink ? push({ feed, following, open, sink, toWire }) : pull({ following, open, toWire });
  };
}

/** Results for whoever asks for them one by one; only the end of the credentials ends them before the reader leaves. */
async function* pull({ following, open, toWire }: Omit<PushOptions, 'feed' | 'sink'>): Results {
  using rendering = open();
  for await (const message of following) {
    const text = await rendering.textOf(message);
    yield { stringify: () => text };
  }
  const errors = [withoutStatus(toWire(new GatewayError('UNAUTHENTICATED')))];
  yield { stringify: () => JSON.stringify({ errors }) };
}

interface PushOptions {
  readonly feed: Feed;
  readonly following: Following;
  readonly open: () => Rendering & Disposable;
  readonly sink: Sink;
  readonly toWire: (error: unknown) => GraphQLError;
}

/** Sends results to the sink from when the first is asked for, and gives none: its end is theirs. */
function push({ feed, following, open, sink, toWire }: PushOptions): Results {
  const leaving = new AbortController();
  const signal = AbortSignal.any([following.request.signal, leaving.signal]);
  const results: Results = {
    next: async () => {
      using rendering = open();
      try {
        await feed.follow({ ...following.request, signal }, receiverOf(rendering, sink));
      } catch (error) {
        throw toWire(error);
      }
      return { done: true, value: undefined };
    },
    return: async () => {
      leaving.abort();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      leaving.abort();
      throw error;
    },
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => leaving.abort(),
  };
  return results;
}

function receiverOf(rendering: Rendering, sink: Sink): Receiver {
  return {
    push: (message) => {
      const text = rendering.textNow(message);
      return typeof text === 'string' && sink.offer(text);
    },
    accept: async (message) => sink.write(await rendering.textOf(message)),
  };
}
