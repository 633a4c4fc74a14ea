import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { type ClientOptions, createClient } from 'graphql-ws';
import { subscriptionExchange, Client as Urql } from 'urql';
import { overApollo, overGraphqlWs, overUrql, type Subscribe } from '../../src/client/client.ts';

export const DOCUMENT = `subscription ($after: Position, $extensions: [String!]) {
  callChanges(after: $after, filter: { extensions: $extensions }) {
    __typename ... on FeedEntry { position }
    ... on CallSnapshot { call { id version userData } } ... on CallChanged { kind call { id version userData } }
    ... on CallDeleted { callId } ... on FeedGap { reason }
  }
}`;

/** A client over graphql-ws, and what it follows by. */
export interface Client {
  readonly subscribe: Subscribe;
  close(): void | Promise<void>;
}

type Open = (options: ClientOptions, extensions: readonly string[]) => Client;

function graphqlWs(options: ClientOptions, extensions: readonly string[]): Client {
  const client = createClient(options);
  const subscribe = overGraphqlWs(client, { query: DOCUMENT, variables: { extensions } });
  return { subscribe, close: () => client.dispose() };
}

function apollo(options: ClientOptions, extensions: readonly string[]): Client {
  const socket = createClient(options);
  const client = new ApolloClient({
    link: new GraphQLWsLink(socket),
    cache: new InMemoryCache(),
  });
  const subscribe = overApollo(client, { query: gql(DOCUMENT), variables: { extensions } });
  return { subscribe, close: () => socket.dispose() };
}

function urql(options: ClientOptions, extensions: readonly string[]): Client {
  const socket = createClient(options);
  const client = new Urql({
    url: String(options.url),
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query: query ?? '', variables: variables ?? {} },
              { ...sink, next: (result) => sink.next(result as never) }, // to urql, null and undefined are one
            ),
          }),
        }),
      }),
    ],
  });
  const subscribe = overUrql(client, { query: DOCUMENT, variables: { extensions } });
  return { subscribe, close: () => socket.dispose() };
}

/** Each as its own documentation says. */
export const CLIENTS: readonly (readonly [name: string, open: Open])[] = [
  ['graphql-ws', graphqlWs],
  ['Apollo Client', apollo],
  ['urql', urql],
];
