import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startCluster } from '../support/cluster.ts';
import { openFleetLab } from '../support/fleet-lab.ts';

test('when Postgres has restarted, one has the switch again, and the others command it', async () => {
  await using cluster = await startCluster();
  await using pool = openDatabase({ url: cluster.url, connections: 5 });
  await migrate(pool);
  const lab = await openFleetLab({ ...pool, url: cluster.url });
  await using first = await lab.join('first');
  await first.linked();
  await using second = await lab.join('second');
  await second.linked();
  const ref = lab.exchange.adopt({
    nativeId: 'survivor',
    organizationId: lab.organization.id,
    parties: [{ role: 'CALLER', number: lab.organization.numbers.front }],
  });
  await first.carrier.settled();

  await cluster.restart();
  const members = [first, second];
  const owners = () => members.map(({ carrier }) => carrier.owner).toSorted();
  while (owners().join() !== 'ELSEWHERE,HERE') await new Promise((next) => setTimeout(next, 50));

  const other = members.find(({ carrier }) => carrier.owner === 'ELSEWHERE');
  const outcome = await other?.carrier.commands.hangup(ref);
  await other?.carrier.settled();
  expect(outcome).toBe('ACCEPTED');
  const rows = await pool.rows(
    sql`select state, disposition from calls where connector = ${lab.id}`,
  );
  expect(rows).toEqual([{ state: 'ENDED', disposition: 'ANSWERED' }]);
  expect(lab.exchange.list().calls).toEqual([]);
});
