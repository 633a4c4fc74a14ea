import Fastify from 'fastify';
import mercurius from 'mercurius';
import { answerCalls } from '../rpc.ts';
import { type Row, rows } from './rows.ts';
import { SDL } from './schema.ts';

type Queries<Params = unknown> = readonly { readonly obj: Row; readonly params: Params }[];

const id = (row: Row, name = 'id') => String(row[name]);
const page = async <T>(
  queries: Queries<{ first: number }>,
  read: (of: string, first: number) => T,
) => Promise.all(queries.map(({ obj, params }) => read(id(obj), params.first)));

const app = Fastify();
// As its documentation has it for production: compiled from the first request on, and loaders.
await app.register(mercurius, {
  schema: SDL,
  jit: 1,
  resolvers: {
    Query: {
      extension: (_: unknown, { number }: { number: string }) => rows.extension(number),
      call: (_: unknown, given: { id: string }) => rows.call(given.id),
    },
    Mutation: {
      deleteUserData: (_: unknown, given: { id: string }) => rows.deleteUserData(given.id),
    },
  },
  loaders: {
    Extension: {
      calls: (queries: Queries<{ first: number }>) => page(queries, rows.calls),
      events: (queries: Queries<{ first: number }>) => page(queries, rows.events),
    },
    Call: {
      participants: {
        loader: (queries: Queries) => rows.participants(queries.map(({ obj }) => id(obj))),
        opts: { cache: false },
      },
    },
    Participant: {
      extension: {
        loader: async (queries: Queries) => {
          const ids = queries.map(({ obj }) => obj['extensionId'] as string | null);
          const distinct = [...new Set(ids.filter((one) => one !== null))];
          const found = await rows.extensions(distinct);
          return ids.map((one) => (one === null ? null : (found[distinct.indexOf(one)] ?? null)));
        },
        opts: { cache: false },
      },
    },
  },
});

answerCalls({});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`listening on ${url}/graphql\n`);
