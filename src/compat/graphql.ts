import type { initGraphQLTada } from 'gql.tada';
import { parse } from 'graphql';
import type { JsonObject } from '../model/json.ts';
import type { introspection } from './introspection.d.ts';

interface Setup {
  introspection: introspection;
  scalars: { ID: string; DateTime: string; JSON: JsonObject; Position: string };
}

/** Parses a static document once, at load; its types come from `schema.graphql`. */
export const graphql = parse as unknown as ReturnType<typeof initGraphQLTada<Setup>>; // parses all the same, and knows the types
