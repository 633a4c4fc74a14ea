import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { fetchExchange, subscriptionExchange, Client as Urql } from 'urql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { bearer } from '../support/ask.ts';
import { socketUrl } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

const QUERY = '{ viewer { username } }';
const PLACE =
  'mutation ($to: String!) { placeCall(input: { extension: "8856", to: $to }) { call { id } } }';
const HANG_UP =
  'mutation ($id: ID!) { hangupPhoneCall(input: { callId: $id }) { calls { id state } } }';
const FOLLOW = `subscription { callChanges(filter: { extensions: ["8856"], states: [ENDED] }) {
  __typename ... on CallChanged { call { id state } } } }`;

/** Apollo's cache wants to know the members of a union. */
const MESSAGES = { CallFeedMessage: ['CallSnapshot', 'CallChanged', 'FeedBookmark'] };

/** What every client must be able to do; each is used as its own documentation says. */
interface Frontend {
  run(document: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** Calls back with each result until it is told to stop. */
  follow(document: string, onData: (data: unknown) => void): () => void;
  close(): void | Promise<void>;
}

const sockets = () =>
  createClient({
    url: socketUrl(tandem),
    webSocketImpl: WebSocket,
    connectionParams: bearer('alice'),
  });

function apollo(): Frontend {
  const socket = sockets();
  const link = ApolloLink.split(
    ({ query }) => {
      const definition = getMainDefinition(query);
      return definition.kind === 'OperationDefinition' && definition.operation === 'subscription';
    },
    new GraphQLWsLink(socket),
    new HttpLink({ uri: `${tandem.url}/graphql`, headers: bearer('alice') }),
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: MESSAGES }) });
  return {
    run: async (document, variables) => {
      const isMutation = document.startsWith('mutation');
      const parsed = gql(document);
      const { data } = isMutation
        ? await client.mutate({ mutation: parsed, variables: variables ?? {} })
        : await client.query({ query: parsed, variables: variables ?? {} });
      return data;
    },
    follow: (document, onData) => {
      const subscription = client
        .subscribe({ query: gql(document) })
        .subscribe(({ data }) => onData(data));
      return () => subscription.unsubscribe();
    },
    close: async () => {
      client.stop();
      await socket.dispose();
    },
  };
}

function urql(): Frontend {
  const socket = sockets();
  const client = new Urql({
    url: `${tandem.url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: bearer('alice') },
    exchanges: [
      fetchExchange,
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
  return {
    run: async (document, variables) => {
      const isMutation = document.startsWith('mutation');
      const { data, error } = isMutation
        ? await client.mutation(document, variables ?? {})
        : await client.query(document, variables ?? {});
      if (error) throw error;
      return data;
    },
    follow: (document, onData) => {
      const { unsubscribe } = client
        .subscription(document, {})
        .subscribe(({ data }) => data && onData(data));
      return unsubscribe;
    },
    close: () => socket.dispose(),
  };
}

function graphqlWs(): Frontend {
  const client = sockets();
  return {
    run: async (query, variables) => {
      const { value } = await client.iterate({ query, variables: variables ?? {} }).next();
      if (!value?.data || value.errors) throw new Error(JSON.stringify(value));
      return value.data;
    },
    follow: (query, onData) =>
      client.subscribe(
        { query },
        { next: ({ data }) => onData(data), error: () => {}, complete: () => {} },
      ),
    close: () => client.dispose(),
  };
}

test.each([
  ['Apollo Client', apollo],
  ['urql', urql],
  ['graphql-ws', graphqlWs],
])('%s queries, subscribes and mutates', async (_, open) => {
  const client = open();
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const { promise: told, resolve: onTold } = Promise.withResolvers<unknown>();
  const stop = client.follow(FOLLOW, (data) => {
    const { callChanges: message } = data as { callChanges: { __typename: string; call?: object } };
    if (message.__typename === 'FeedBookmark') onReady();
    if (message.__typename === 'CallChanged') onTold(message.call);
  });
  await ready;

  const viewer = await client.run(QUERY);
  const placed = (await client.run(PLACE, { to: '4711' })) as {
    placeCall: { call: { id: string } };
  };
  const { id } = placed.placeCall.call;
  const hungUp = await client.run(HANG_UP, { id });

  expect(viewer).toMatchObject({ viewer: { username: 'alice' } });
  expect(hungUp).toMatchObject({ hangupPhoneCall: { calls: [{ id, state: 'ENDED' }] } });
  expect(await told).toMatchObject({ id, state: 'ENDED' });
  stop();
  await client.close();
});
