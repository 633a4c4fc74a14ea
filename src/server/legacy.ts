import type { GraphQLSchema } from 'graphql';
import { dialects } from '../compat/dialects.ts';
import { serve } from '../compat/serve.ts';
import type { Log } from '../observe/log.ts';
import type { Contexts } from './context.ts';
import { report } from './errors.ts';
import { type Executor, executeAs } from './execute.ts';

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly contexts: Contexts;
  readonly log: Log;
}

/** The legacy dialects, each as a handler of requests to its own paths. */
export const serveDialects = ({ schema, run, contexts, log }: Options) =>
  dialects.map((dialect) =>
    serve(
      dialect,
      async (credentials, from) => executeAs(schema, run, await contexts.open(credentials, from)),
      (error) => report(log, error, { dialect: dialect.name }),
    ),
  );
