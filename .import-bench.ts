import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { openDatabase } from './src/store/database.ts';
import { openEmbedded } from './src/store/embedded.ts';
import { migrate } from './src/store/migrate.ts';
import { importFile } from './src/import/import.ts';
import { linesOf } from './src/import/lines.ts';
import { startCluster } from './test/support/cluster.ts';
import { sql } from 'drizzle-orm';
const [file = '', mode] = process.argv.slice(2);
await using stack = new AsyncDisposableStack();
let db;
if (mode === 'embedded') {
  const dir = await mkdtemp('/tmp/imp/emb-');
  stack.defer(() => rm(dir, { recursive: true }));
  db = stack.use(await openEmbedded(dir));
} else {
  const c = stack.use(await startCluster());
  db = stack.use(openDatabase({ url: c.url, connections: 2 }));
}
await migrate(db);
const before = process.memoryUsage().rss;
const t = Date.now();
let peak = 0, last = 0;
try {
const r = await importFile({ database: db, lines: linesOf(createReadStream(file)), onProgress: (p) => { peak = Math.max(peak, process.memoryUsage().rss); if (p.lines - last >= 100000) { last = p.lines; console.log(p.lines, Date.now() - t, Math.round(process.memoryUsage().rss/1e6)); } } });
console.log(r);
} catch (e) { console.log(String(e).slice(0, 3000)); }
console.log((Date.now() - t) / 1000, 's; rss before', Math.round(before / 1e6), 'peak', Math.round(peak / 1e6), 'MB', process.resourceUsage().maxRSS/1e3);
console.log(await db.rows(sql`select count(*)::int from calls`), process.cpuUsage());
