import type { GraphQLSchema } from 'graphql';
import type { Authenticate } from '../auth/authenticate.ts';
import { ownerOfToken } from '../auth/tokens.ts';
import type { DialectSettings } from '../compat/dialect.ts';
import { createDialects } from '../compat/dialects.ts';
import { serve } from '../compat/serve.ts';
import type { VoipnowSettings } from '../compat/voipnow/settings.ts';
import { GatewayError } from '../model/errors.ts';
import type { Context } from '../operations/context.ts';
import type { Database } from '../store/database.ts';
import type { Answering } from './answering.ts';
import type { Contexts } from './context.ts';
import type { RefusalIn } from './errors.ts';
import { type Executor, executeAs } from './execute.ts';

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly contexts: Contexts;
  readonly authenticate: Authenticate;
  readonly database: Database;
  readonly refusalIn: RefusalIn;
  readonly voipnow: VoipnowSettings;
  readonly answering: Answering;
  readonly settings: DialectSettings;
}

/** The legacy dialects, each as a handler of requests to its own paths. */
export const serveDialects = (options: Options) =>
  createDialects({ voipnow: options.voipnow }).map((dialect) =>
    serve(
      dialect,
      async (credentials, from) => {
        const { schema, run, contexts, answering } = options;
        const context = await contexts.open(credentials, from);
        if (!dialect.isPersonal) return executeAs(schema, run, context);
        answering.begin(context.principal.userId, from.signal);
        return executeAs(schema, run, personal(context));
      },
      (error) => options.refusalIn(error, { dialect: dialect.name }),
      {
        ...options.settings,
        holderOf: (token, peer) => holderOf(options.authenticate, token, peer),
        ownerOf: (token) => ownerOfToken(options.database, token),
      },
    ),
  );

/** Nobody logs in by it, so its end is no failed try. */
async function holderOf(
  authenticate: Authenticate,
  token: string,
  peer: string,
): Promise<string | null> {
  try {
    return (await authenticate({ kind: 'token', token }, peer)).userId;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  }
}

/** The same request with nothing in sight but what the user's own extensions have. */
export function personal(context: Context): Context {
  const { userId: ownerId, organizationId } = context.principal;
  return { ...context, visibility: { organizationId, ownerId } };
}
