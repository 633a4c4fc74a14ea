import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf } from '../support/ask.ts';
import { follow } from '../support/follow.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let tandem: TestTandem;
beforeAll(async () => {
  const CONNECTORS = 'bad=simulator:?faults=unreachable';
  tandem = await startTandem({ demo: true, settings: { CONNECTORS, TRUSTED_PROXIES: '::1' } });
});
afterAll(() => tandem[Symbol.asyncDispose]());

/** The samples by their names and labels. */
async function scrape() {
  const response = await fetch(`${tandem.url}/metrics`);
  const text = await response.text();
  return { type: response.headers.get('content-type'), text, samples: samplesIn(text) };
}

function samplesIn(text: string) {
  const samples = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([^#\s]\S*) (\S+)$/.exec(line) ?? [];
    return name ? [[name, Number(value)] as const] : [];
  });
  return new Map(samples);
}

test('what the process has used is counted from its start, and what is not known yet is not said', async () => {
  await using fresh = await startTandem({ demo: true });
  const used = process.cpuUsage();

  const response = await fetch(`${fresh.url}/metrics`);

  const samples = samplesIn(await response.text());
  const cpu = samples.get('process_cpu_seconds_total') ?? 0;
  expect(cpu).toBeGreaterThanOrEqual((used.user + used.system) / 1e6);
  const lag = [...samples].filter(([name]) => name.startsWith('nodejs_eventloop_lag_'));
  expect(lag.length).toBeGreaterThan(4);
  for (const [, seconds] of lag) expect(seconds).toBeLessThan(60);
});

test('the metrics tell of each switch, the feed, the subscribers and the process', async () => {
  await using subscriber = follow(tandem, 'subscription { callChanges { __typename } }');
  await subscriber.next();

  const { type, samples } = await scrape();

  expect(type).toContain('text/plain');
  const up = (connector: string) =>
    samples.get(`tandem_connector_up{connector="${connector}",kind="simulator"}`);
  const ofDemo = (name: string) =>
    samples.get(`tandem_connector_${name}{connector="demo",kind="simulator"}`);
  expect([up('demo'), up('bad')]).toEqual([1, 0]);
  expect(ofDemo('owner')).toBe(1);
  expect(ofDemo('live_calls')).toBeGreaterThanOrEqual(2);
  expect(ofDemo('resyncs_total')).toBeGreaterThanOrEqual(1);
  expect([ofDemo('dropped_total'), ofDemo('unrouted_total')]).toEqual([0, 0]);
  expect(Math.abs((ofDemo('since_seconds') ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  expect(samples.get('tandem_subscribers')).toBe(1);
  expect(samples.get('tandem_feed_trouble')).toBe(0);
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('a second reading has each sample once', async () => {
  await scrape();

  const { text, samples } = await scrape();

  const lines = text.split('\n').filter((line) => line.startsWith('tandem_'));
  expect(lines).toHaveLength(
    [...samples.keys()].filter((name) => name.startsWith('tandem_')).length,
  );
});

test('who is not within the networks finds nothing', async () => {
  await using closed = await startTandem({
    ...{ demo: true, settings: { METRICS_NETWORKS: '10.0.0.0/8', TRUSTED_PROXIES: '127.0.0.1' } },
  });
  const read = async (peer: string) =>
    (await fetch(`${closed.url}/metrics`, { headers: { 'x-forwarded-for': peer } })).status;

  const statuses = await Promise.all(['10.1.2.3', '192.0.2.1', '::1'].map(read));

  expect(statuses).toEqual([200, 404, 404]);
});

test('they tell what phone call events have to do, and what became of it', async () => {
  await using answering = await startTandem({
    demo: true,
    settings: { WEBHOOKS_ALLOW_PRIVATE: '1' },
  });
  await using receiver = await startReceiver();
  const { database } = answering;
  await database.rows(sql`update phone_call_events set url = ${receiver.url}, type = 1, extension_id =
    (select id from extensions where number = '0003*210')`);
  const input = { extension: '210', to: '+40722000111' };
  await dataOf(
    answering,
    'mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } } }',
    {
      variables: { input },
    },
  );
  await receiver.came(1);
  await database.rows(sql`insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters,
    due_at) select gen_random_uuid(), organization_id, row_id, row_id, '', '{}', 'infinity' from phone_call_events limit 1`);

  const read = async () => (await fetch(`${answering.url}/metrics`)).text();

  await expect.poll(read).toMatch(/tandem_webhook_attempts_total\{result="DELIVERED"\} [1-9]/);
  const text = await read();
  expect(text).toMatch(/^tandem_webhooks_suspended 1$/m);
  expect(text).toMatch(/^tandem_webhooks_waiting \d+$/m);
  expect(text).toMatch(/^tandem_webhook_rules_suspended 0$/m);
});
