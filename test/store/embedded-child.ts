import { sql } from 'drizzle-orm';
import { openEmbedded } from '../../src/store/embedded.ts';

/** Owns the directory of its first argument, writes rows one by one, says so, and waits to be killed. */
const [directory = ''] = process.argv.slice(2);
const database = await openEmbedded(directory);
await database.rows(sql`create table if not exists kept (n int)`);
for (let n = 0; n < 100; n += 1) await database.rows(sql`insert into kept values (${n}::int)`);
process.stdout.write('written\n');
setInterval(() => {}, 60_000);
