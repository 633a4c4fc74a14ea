import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

setFlagsFromString('--expose-gc');
const collect: NodeJS.GCFunction = runInNewContext('gc');

const TEXT = 'select json_agg(n) as numbers from generate_series(1, $1::int) n';
const STATEMENTS = 200;
/** Of the array that the JSON becomes: eight bytes a number. */
const BYTES = 8 * 3000;

/** What is left by collections of the young generation alone; an object is old when it has outlived two. */
async function leftYoung(): Promise<number> {
  await nextTurn();
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  return process.memoryUsage().heapUsed;
}

test('what a statement gave is collected with the young generation', async () => {
  await using fresh = await freshDatabase();
  await using database = openDatabase({ url: fresh.url, connections: 1 });
  const ask = () => database.rows({ sql: TEXT, params: [3000] });
  for (let warm = 0; warm < STATEMENTS; warm += 1) await ask();
  collect();
  const before = await leftYoung();

  for (let asked = 0; asked < STATEMENTS; asked += 1) await ask();

  expect((await leftYoung()) - before).toBeLessThan((STATEMENTS * BYTES) / 4);
});
