import type { GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, type GraphiQLOptions, type Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { parseMarking } from '../model/exact-json.ts';
import type { Context } from '../operations/context.ts';
import type { Asking } from './asking.ts';
import type { Executor } from './execute.ts';
import { EXPOSED } from './lane/cors.ts';
import { plainRoots } from './subscription-roots.ts';
import type { Subscribe } from './subscriptions/subscribe.ts';

/** What the edge hands to Yoga with each request. */
export interface Handed extends Asking {
  /** The signal that ends a stream; absent where something else does. */
  readonly follow?: (context: Context) => AbortSignal;
}

interface Options {
  readonly schema: GraphQLSchema;
  readonly run: Executor;
  readonly subscribe: Subscribe;
  /** What a document may be and ask for. */
  readonly limits: readonly Plugin[];
  /** Finds documents that are named by their hash. */
  readonly documents: Plugin;
  /** Is told of documents that have passed. */
  readonly known: Plugin;
  readonly corsOrigins: readonly string[];
  readonly toWire: (error: unknown) => GraphQLError;
  /** What GraphiQL sends from the start; the demo puts a token here. */
  readonly graphiqlHeaders: string;
}

const EXAMPLE = `# Your live calls and their parties. Put your token below, under Headers.
query LiveCalls {
  viewer { username accountType organization }
  calls(first: 10, filter: { states: [DIALING, RINGING, CONNECTED, HELD] }) {
    nodes {
      id state direction ani dnis offeredAt duration userData capabilities
      participants { number role state extension { number label } }
    }
    pageInfo { hasNextPage endCursor }
  }
}

subscription Changes {
  callChanges {
    ... on CallSnapshot { call { id state } }
    ... on CallChanged { kind call { id state userData } }
    ... on CallDeleted { callId }
  }
}
`;

/** Its page is 30 MB of memory: not before somebody asks for it. */
async function renderGraphiQL(options: GraphiQLOptions) {
  const page = await import('@graphql-yoga/render-graphiql');
  return page.renderGraphiQL(options);
}

/** In entries and characters: Yoga's own caches are by the text of a document. */
const boundedCache = <Value extends object>() => {
  const kept = new LRUCache<string, Value>({
    max: 1000,
    maxSize: 16_000_000,
    sizeCalculation: (_, text) => text.length + 1,
  });
  return {
    get: (text: string) => kept.get(text),
    set: (text: string, value: unknown) => {
      kept.set(text, value as Value); // what Yoga has made
    },
  };
};

/** GraphQL over HTTP and server-sent events, and the pieces that the WebSocket shares. */
export function createGraphql({
  schema,
  run,
  subscribe,
  limits,
  documents,
  known,
  corsOrigins,
  toWire,
  graphiqlHeaders,
}: Options) {
  return createYoga<Handed, Context>({
    schema,
    context: ({ open }) => open(),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    logging: false,
    batching: false,
    // Bodies have come whole by now, and within our own limit.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: boundedCache(), errorCache: boundedCache() },
    cors: {
      origin: [...corsOrigins],
      credentials: false,
      exposedHeaders: EXPOSED,
    },
    maskedErrors: { maskError: (error) => toWire(error), isDev: false },
    renderGraphiQL,
    graphiql: {
      title: 'Tandem',
      defaultQuery: EXAMPLE,
      headers: graphiqlHeaders,
      shouldPersistHeaders: false,
    },
    plugins: [
      jsonBody(),
      exactNumbers(),
      jsonParameters(),
      acceptable(),
      knownFirst(),
      documents,
      ...limits,
      plainRoots(),
      validated(toWire),
      known,
      executing(run),
      subscribing(subscribe),
    ],
  });
}

/** Who asks is known before anything that they say is looked at. */
const knownFirst = (): Plugin<object, Handed> => ({
  onParams: async ({ context }) => {
    await context.open();
  },
});

/** What is wrong with a document is said with our code; Yoga masks results only. */
const validated = (toWire: Options['toWire']): Plugin => ({
  onValidate:
    () =>
    ({ valid, result, setResult }) => {
      if (!valid) setResult(result.map(toWire));
    },
});

/** Runs compiled operations instead of graphql-js, or takes what has been executed already. */
const executing = (run: Executor): Plugin<Handed> => ({
  onExecute: ({ context: { executed }, setExecuteFn }) => setExecuteFn(executed ?? run),
});

/** Whatever a client accepts, what streams is watched. */
const subscribing = (subscribe: Subscribe): Plugin<Handed & Context> => ({
  onSubscribe: ({ args: { contextValue }, extendContext, setSubscribeFn }) => {
    const signal = contextValue.follow?.(contextValue);
    if (signal) extendContext({ signal });
    setSubscribeFn(subscribe);
  },
});

const JSON_BODY = /^application\/(?:json|graphql\+json|graphql)\b/i;

/** Yoga as it comes takes forms, too, and refuses what else there is without a word. */
const jsonBody = (): Plugin => ({
  onRequest: ({ request, endResponse, fetchAPI }) => {
    const type = request.headers.get('content-type');
    if (request.method !== 'POST' || (type && JSON_BODY.test(type))) return;
    const error = badInput('A query is sent with `Content-Type: application/json`.');
    endResponse(fetchAPI.Response.json(error, { status: type ? 415 : 400 }));
  },
});

/** Yoga as it comes has other numbers than were sent, where JavaScript does not hold them. */
const exactNumbers = (): Plugin => ({
  onRequestParse: ({ requestParser: parse, setRequestParser }) => {
    if (!parse) return;
    // Not before: what is parsed may be another request than the one that came.
    setRequestParser((request) => {
      request.json = async () => parseMarking(await request.text());
      return parse(request);
    });
  },
});

const badInput = (message: string) => ({
  errors: [{ message, extensions: { code: 'BAD_INPUT' } }],
});

/** Yoga as it comes answers 500 to parameters in the query that are not JSON. */
const jsonParameters = (): Plugin => ({
  onRequest: ({ url, request, endResponse, fetchAPI }) => {
    if (request.method !== 'GET') return;
    const bad = ['variables', 'extensions'].find(
      (name) => !isJsonObject(url.searchParams.get(name)),
    );
    if (!bad) return;
    const error = badInput(`The parameter \`${bad}\` must be a JSON object.`);
    endResponse(fetchAPI.Response.json(error, { status: 400 }));
  },
});

/** Yoga as it comes refuses an `Accept` header without a word. */
const acceptable = (): Plugin => ({
  onResponse: ({ response, setResponse, fetchAPI }) => {
    if (response.status !== 406) return;
    const { headers } = response;
    const error = badInput(
      'None of what `Accept` names can be given: take `application/json`, or `text/event-stream` of a subscription.',
    );
    setResponse(fetchAPI.Response.json(error, { status: 406, headers }));
  },
});

function isJsonObject(text: string | null): boolean {
  if (text === null || text === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}
