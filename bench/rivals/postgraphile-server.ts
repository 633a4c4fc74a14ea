import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { answerCalls } from '../rpc.ts';

// As its documentation has it for production: its recommended preset, no GraphiQL, nothing watched or explained.
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString: process.env['DATABASE_URL'] ?? '', schemas: ['public'] }),
  ],
  grafserv: { watch: false, graphiql: false, maxRequestLength: 100_000 },
  grafast: { explain: false },
});

const server = createServer();
await pgl.createServ(grafserv).addTo(server);
answerCalls({});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // it listens on TCP
process.stdout.write(`listening on http://127.0.0.1:${port}/graphql\n`);
