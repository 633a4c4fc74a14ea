import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { openSwitches } from '../../src/operations/open-switches.ts';
import { createManualClock } from '../connectors/manual-clock.ts';
import { freshDatabase } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';

test('a call without a home is told of once, when its callee is known', async () => {
  await using database = await freshDatabase();
  const { numbers } = await layOrganization(database);
  const onError = () => {};
  await using feed = await openPostgresFeed({ database, shared: false, onError });
  const exchange = createExchange({ clock: createManualClock() });
  const warnings: object[] = [];
  const log = { info: () => {}, warn: (facts: object) => warnings.push(facts), error: () => {} };
  await using switches = await openSwitches({
    ...{ database, feed, log },
    switches: [{ id: 'lab', connector: createSimulator(exchange) }],
    numbers: new Map([['lab', { ...PLAIN_NUMBERS, extensions: numbers.front.slice(0, -3) }]]),
  });
  await switches.linked('lab');
  const caller = { role: 'CALLER', number: '0722000111' } as const;
  exchange.adopt({ nativeId: 'alone', parties: [caller] });
  const stranger = { role: 'CALLEE', number: '0722000222' } as const;
  const strange = exchange.adopt({ nativeId: uuid(), parties: [caller, stranger] });
  exchange.adopt({ nativeId: 'ours', parties: [caller, { role: 'CALLEE', number: '210' }] });

  exchange.remoteHangup(strange, 'CALLER');
  await switches.all.get('lab')?.settled();

  expect(warnings).toEqual([{ connector: 'lab', nativeId: strange.nativeId }]);
  expect(switches.counts.get('lab')).toEqual({ resyncs: 1, dropped: 0, unrouted: 1 });
});
