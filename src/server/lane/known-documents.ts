import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

const MOST = 1000;
/** Characters of all of them together. */
const MOST_KEPT = 16_000_000;

/** Documents that have passed every check that looks at a document alone, by their text. */
export interface KnownDocuments {
  get(text: string): DocumentNode | undefined;
  /** Learns of those that Yoga has come to execute: then it has parsed, validated and measured them. */
  readonly plugin: Plugin;
}

export function createKnownDocuments(): KnownDocuments {
  const known = new LRUCache<string, DocumentNode>({
    max: MOST,
    maxSize: MOST_KEPT,
    sizeCalculation: (_, text) => text.length + 1,
  });
  return {
    get: (text) => known.get(text),
    plugin: {
      onExecute: ({ args: { document, contextValue } }) => {
        const text = contextValue.params?.query;
        if (text && !known.has(text)) known.set(text, document);
      },
    },
  };
}
