import type { GraphQLSchema } from 'graphql';
import { createDialects } from '../compat/dialects.ts';
import { serve } from '../compat/serve.ts';
import type { VoipnowSettings } from '../compat/voipnow/settings.ts';
import type { Contexts } from './context.ts';
import type { RefusalIn } from './errors.ts';
import { type Executor, executeAs } from './execute.ts';

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly contexts: Contexts;
  readonly refusalIn: RefusalIn;
  readonly voipnow: VoipnowSettings;
}

/** The legacy dialects, each as a handler of requests to its own paths. */
export const serveDialects = ({ schema, run, contexts, refusalIn, voipnow }: Options) =>
  createDialects({ voipnow }).map((dialect) =>
    serve(
      dialect,
      async (credentials, from) => executeAs(schema, run, await contexts.open(credentials, from)),
      (error) => refusalIn(error, { dialect: dialect.name }),
    ),
  );
