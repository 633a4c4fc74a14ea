import { createSourceEventStream, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import { ownerOfToken } from '../auth/tokens.ts';
import type { PrincipalWatch } from '../auth/watch.ts';
import type { DialectSettings } from '../compat/dialect.ts';
import { type Notifications, openNotifications } from '../compat/genesys/cometd/cometd.ts';
import type { Caller, CometdHost } from '../compat/genesys/cometd/host.ts';
import type { Context } from '../operations/context.ts';
import type { AgentWatch } from '../operations/watch-agents.ts';
import type { Database } from '../store/database.ts';
import { type Answering, createAnswering } from './answering.ts';
import type { Contexts } from './context.ts';
import type { RefusalIn } from './errors.ts';
import { dataOf, type Executor, executeAs } from './execute.ts';
import { personal } from './legacy.ts';

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly contexts: Contexts;
  readonly principals: PrincipalWatch;
  /** Is closed with it. */
  readonly agents: AgentWatch;
  readonly database: Database;
  readonly refusalIn: RefusalIn;
  readonly settings: DialectSettings;
  readonly stopping: AbortSignal;
}

/** Notifications at work. */
interface Served extends Notifications {
  /** To be told of requests whose answers go first. */
  readonly answering: Answering;
}

/** Genesys' notifications, for whom the schema is all that there is. */
export function serveNotifications(options: Options): Served {
  const { contexts, agents, refusalIn, settings, stopping } = options;
  const answering = createAnswering();
  const host: CometdHost = {
    open: async (credentials, from) => {
      const context = await contexts.open(credentials, { ...from, dialect: 'genesys' });
      return callerOf(options, personal(context));
    },
    ownerOf: (token) => ownerOfToken(options.database, token),
    answered: (userId) => answering.done(userId),
    onAgentChange: (userId, tell) => agents.watch(userId, tell),
    refusalIn: (error) => refusalIn(error, { dialect: 'genesys' }),
    ...settings,
    stopping,
  };
  const { [Symbol.dispose]: close, ...notifications } = openNotifications(host);
  return {
    ...notifications,
    answering,
    [Symbol.dispose]() {
      close();
      agents[Symbol.dispose]();
    },
  };
}

/** No request's end is that of a session. */
const NEVER = new AbortController().signal;

function callerOf({ schema, run, principals }: Options, context: Context): Caller {
  const lasting = { ...context, signal: NEVER };
  return {
    userId: context.principal.userId,
    execute: executeAs(schema, run, lasting),
    watch: () => principals.watch(context.principal),
    follow: (document, variables, signal) =>
      follow(run, {
        schema,
        document,
        variableValues: variables as Record<string, unknown>, // typed by the document
        contextValue: { ...lasting, signal },
      }),
  };
}

/** Executes a subscription for one reader, who asks for each message. */
async function* follow(run: Executor, args: ExecutionArgs): AsyncGenerator<never> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) {
    dataOf(source);
    throw new Error('A subscription gave nothing to follow.');
  }
  for await (const message of source) {
    yield dataOf(await run({ ...args, rootValue: message })) as never; // typed by the document
  }
}
