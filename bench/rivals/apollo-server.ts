import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { answerCalls } from '../rpc.ts';
import { type Row, rows } from './rows.ts';
import { SDL } from './schema.ts';

interface Context {
  readonly participants: DataLoader<string, Row[]>;
  readonly extensions: DataLoader<string, Row | null>;
}

const id = (row: Row, name = 'id') => String(row[name]);

// As its documentation has it: DataLoader in the context of each request, documents cached by itself.
const server = new ApolloServer<Context>({
  typeDefs: SDL,
  nodeEnv: 'production',
  resolvers: {
    Query: {
      extension: (_: unknown, { number }: { number: string }) => rows.extension(number),
      call: (_: unknown, given: { id: string }) => rows.call(given.id),
    },
    Mutation: {
      deleteUserData: (_: unknown, given: { id: string }) => rows.deleteUserData(given.id),
    },
    Extension: {
      calls: (row: Row, { first }: { first: number }) => rows.calls(id(row), first),
      events: (row: Row, { first }: { first: number }) => rows.events(id(row), first),
    },
    Call: {
      participants: (row: Row, _: unknown, { participants }: Context) => participants.load(id(row)),
    },
    Participant: {
      extension: (row: Row, _: unknown, { extensions }: Context) =>
        row['extensionId'] ? extensions.load(id(row, 'extensionId')) : null,
    },
  },
});

answerCalls({});
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({
    participants: new DataLoader(rows.participants),
    extensions: new DataLoader(rows.extensions),
  }),
});
process.stdout.write(`listening on ${url}\n`);
