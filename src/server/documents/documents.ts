import { useAPQ } from '@graphql-yoga/plugin-apq';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from './trusted.ts';

/** Characters of the documents that clients have named by their hash, all together. */
const MOST_KEPT = 16_000_000;

/** How clients name the documents that they want to be run. */
export interface Documents {
  /** Finds those that are named by their hash, and refuses those that may not run. */
  readonly plugin: Plugin;
  /** The text that the plugin would come to, when it would refuse nothing and keep nothing; else null. */
  readonly textOf: (params: GraphQLParams) => string | null;
}

/**
 * Lets clients name a document by its hash instead of sending it: one that was sent before, as Apollo's automatic
 * persisted queries do, or, where only some are trusted, one of those and no other.
 */
export const createDocuments = (trusted: TrustedDocuments | null): Documents =>
  trusted ? trustedOnly(trusted) : automatic();

/** The hash by which a document is named; null when the parameters are none of this. */
function hashIn({ extensions }: GraphQLParams): string | null {
  const { version, sha256Hash } = extensions?.['persistedQuery'] ?? {};
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : null;
}

/** A document that is named in a way that nobody reads, and not sent: without this it would only be said to be missing. */
function checkNaming(params: GraphQLParams): void {
  const isNamed = params.extensions?.['persistedQuery'] !== undefined;
  if (params.query || !isNamed || hashIn(params) !== null) return;
  const message = '`extensions.persistedQuery` takes `version` 1 and a text as `sha256Hash`.';
  throw new GraphQLError(message, { extensions: { http: { status: 400 } } });
}

function automatic(): Documents {
  const kept = new LRUCache<string, string>({
    maxSize: MOST_KEPT,
    sizeCalculation: (text) => text.length + 1,
  });
  const store = {
    get: (hash: string) => Promise.resolve(kept.get(hash)),
    set: (hash: string, text: string) => Promise.resolve(kept.set(hash, text)),
  };
  // Clients look at the message, and some take nothing but 200 for an answer to read.
  const apq = useAPQ({ store, responseConfig: { forceStatusCodeOk: true } });
  const plugin: Plugin = {
    ...apq,
    onParams: (payload) => {
      checkNaming(payload.params);
      return apq.onParams?.(payload);
    },
  };
  const textOf = (params: GraphQLParams) => {
    const hash = hashIn(params);
    if (hash === null) return params.query ?? null;
    // With both, the one has to be the other's.
    return typeof params.query === 'string' ? null : (kept.get(hash) ?? null);
  };
  return { plugin, textOf };
}

function trustedOnly(trusted: TrustedDocuments): Documents {
  const plugin = usePersistedOperations({
    getPersistedOperation: (hash) => trusted.get(hash) ?? null,
    customErrors: {
      notFound: 'PersistedQueryNotFound',
      keyNotFound: 'Only trusted documents run here: send `extensions.persistedQuery.sha256Hash`.',
      persistedQueryOnly: 'Only trusted documents run here: send the hash without the document.',
    },
  });
  const textOf = (params: GraphQLParams) =>
    params.query ? null : (trusted.get(hashIn(params) ?? '') ?? null);
  return { plugin, textOf };
}

/** The document of an operation that came by WebSocket, found by the same rules as over HTTP. */
export async function documentOf(plugin: Plugin, params: GraphQLParams): Promise<string> {
  let found = params;
  const setParams = (replaced: GraphQLParams) => {
    found = replaced;
  };
  // graphql-ws insists on a text: what is named by its hash comes with an empty one.
  const { query, ...named } = params;
  const given = query ? params : named;
  const payload = { params: given, setParams, fetchAPI: globalThis, context: {} };
  await plugin.onParams?.(payload as never); // the plugins of `createDocuments` look at nothing else
  if (found.query) return found.query;
  throw new GraphQLError('Must provide query string.');
}
