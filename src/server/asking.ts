import type { ExecutionResult } from 'graphql';
import { credentialsOf } from '../model/credentials.ts';
import type { Context } from '../operations/context.ts';
import type { Contexts, Origin } from './context.ts';

/** A GraphQL request under way, whoever answers it in the end. */
export interface Asking {
  /** Authenticates and counts, once; whoever asks again gets the same. */
  readonly open: () => Promise<Context>;
  /** What has been executed already: whoever goes on must not do it again. */
  readonly executed?: () => Promise<ExecutionResult>;
}

/** Begins one; nothing is done before it is opened. */
export function asking(
  contexts: Contexts,
  authorization: string | null | undefined,
  origin: Origin,
): Asking {
  let opened: Promise<Context> | undefined;
  return {
    open: () => {
      opened ??= contexts.open(credentialsOf(authorization), origin);
      return opened;
    },
  };
}
