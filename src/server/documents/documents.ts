import { useAPQ } from '@graphql-yoga/plugin-apq';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from './trusted.ts';

/** Characters of the documents that clients have named by their hash, all together. */
const MOST_KEPT = 16_000_000;

/**
 * Lets clients name a document by its hash instead of sending it: one that was sent before, as Apollo's automatic
 * persisted queries do, or, where only some are trusted, one of those and no other.
 */
export const createDocuments = (trusted: TrustedDocuments | null): Plugin =>
  trusted ? trustedOnly(trusted) : automatic();

function automatic(): Plugin {
  const kept = new LRUCache<string, string>({
    maxSize: MOST_KEPT,
    sizeCalculation: (text) => text.length,
  });
  const store = {
    get: (hash: string) => Promise.resolve(kept.get(hash)),
    set: (hash: string, text: string) => Promise.resolve(kept.set(hash, text)),
  };
  // Clients look at the message, and some take nothing but 200 for an answer to read.
  return useAPQ({ store, responseConfig: { forceStatusCodeOk: true } });
}

const trustedOnly = (trusted: TrustedDocuments): Plugin =>
  usePersistedOperations({
    getPersistedOperation: (hash) => trusted.get(hash) ?? null,
    customErrors: {
      notFound: 'PersistedQueryNotFound',
      keyNotFound: 'Only trusted documents run here: send `extensions.persistedQuery.sha256Hash`.',
      persistedQueryOnly: 'Only trusted documents run here: send the hash without the document.',
    },
  });

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
