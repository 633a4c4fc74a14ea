import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createAuthenticate } from '../src/auth/authenticate.ts';
import { visibilityOf } from '../src/auth/principal.ts';
import type { Change, ChangeMessage, FeedRequest } from '../src/feed/feed.ts';
import { encodePosition } from '../src/feed/position.ts';
import { createTopics } from '../src/feed/topics.ts';
import { schema } from '../src/graphql/schema.ts';
import { credentialsOf } from '../src/model/credentials.ts';
import type { Context } from '../src/operations/context.ts';
import { openDatabase } from '../src/store/database.ts';
import { createQueue, type Queue } from './queue.ts';
import { answerCalls } from './rpc.ts';
import { sequenceText } from './writer.ts';

// Tandem's schema served as graphql-ws's README says: graphql-js executes it for each subscriber, who has an
// iterator over events in memory, found by what it follows.
const database = openDatabase({ url: process.env['DATABASE_URL'] ?? '', connections: 5 });
const authenticate = createAuthenticate(database);
const topics = createTopics<Queue<ChangeMessage>>();
let subscribers = 0;

async function* read(request: FeedRequest) {
  const queue = createQueue<ChangeMessage>();
  topics.add(request, queue);
  subscribers += 1;
  try {
    yield* queue;
  } finally {
    topics.remove(request, queue);
  }
}

const http = createServer();
const server = new WebSocketServer({ server: http, path: '/graphql' });
useServer<{ authorization?: string }, { principal?: Context['principal'] }>(
  {
    schema,
    onConnect: async ({ connectionParams, extra }) => {
      const credentials = credentialsOf(connectionParams?.authorization);
      extra.principal = await authenticate(credentials, '127.0.0.1');
    },
    context: ({ extra: { principal } }) => {
      if (!principal) throw new Error('Nobody asks.');
      const signal = new AbortController().signal;
      const feed = { read };
      return { database, feed, principal, visibility: visibilityOf(principal), signal };
    },
  },
  server,
);
http.listen(0, '127.0.0.1');
await once(http, 'listening');

const templates = new Map<string, Change>();

/** The last change of a call, as the log has it. */
async function templateOf(callId: string): Promise<Change> {
  const [change] = await database.rows<Change>(sql`
    select organization_id as "organizationId", call_id as "callId", version, kind, occurred_at as "occurredAt",
      state as call, extension_ids as "extensionIds", owner_ids as "ownerIds"
    from call_changes where call_id = ${callId}::uuid order by version desc limit 1`);
  if (!change) throw new Error('The log has nothing of this call.');
  templates.set(callId, change);
  return change;
}

const handlers = {
  subscribers: () => subscribers,
  /** Tells one change of each of these calls to whom it concerns. */
  publish: async (callIds: readonly string[], first: number) => {
    for (const [index, callId] of callIds.entries()) {
      const change = templates.get(callId) ?? (await templateOf(callId));
      const seq = sequenceText(first + index);
      const call = change.call && { ...change.call, userData: { crm: '0042', seq } };
      const at = { epoch: '0123456789ab', xid: 1000n, id: BigInt(first + index) };
      const position = encodePosition(at);
      const message = { type: 'CHANGE', change: { ...change, call }, position } as const;
      topics.forConcerned(change, (queues) => {
        for (const queue of queues) queue.push(message);
      });
    }
  },
};

/** What stock graphql-ws can be asked. */
export type StockServer = typeof handlers;

answerCalls(handlers);
const { port } = http.address() as AddressInfo; // it listens on TCP
process.stdout.write(`listening on http://127.0.0.1:${port}/graphql\n`);
