import { openNatsFeed } from '../../src/feed/nats.ts';
import { openDatabase } from '../../src/store/database.ts';

/** A process that feeds by NATS, on the database and the NATS of its arguments, until it is killed. */
const [databaseUrl = '', natsUrl = ''] = process.argv.slice(2);
const database = openDatabase({ url: databaseUrl, connections: 2 });
await openNatsFeed({
  ...{ database, databaseUrl, natsUrl },
  onError: (error) => {
    throw error;
  },
});
