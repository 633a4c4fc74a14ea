import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { issueToken } from '../src/auth/tokens.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { startCluster } from '../test/support/cluster.ts';
import { layOrganization, type TestOrganization } from '../test/support/organization.ts';
import { type Ask, openClient } from './client.ts';
import { startGateway } from './gateway.ts';
import { quantile, rounded } from './median.ts';
import { keep, say } from './results.ts';
import { table } from './table.ts';

const SUBJECT = '+40722000111';
const IDLE_REQUESTS = 500;
/** So many calls are laid by one statement. */
const AT_ONCE = 100_000;
const TELL_EVERY_MS = 10_000;

const PAGE = `query ($number: String!) { extension(number: $number) { calls(first: 50) { nodes {
  id state direction ani dnis offeredAt endedAt duration participants { number role extension { label } } } } } }`;
const ERASE = `mutation ($number: String!) { eraseSubject(input: { number: $number }) { erasure { id } } }`;
const HOW_FAR = 'query ($id: ID!) { erasure(id: $id) { state erased } }';
const STOP =
  'mutation ($id: ID!) { stopErasure(input: { erasureId: $id }) { erasure { erased } } }';
const RESUME =
  'mutation ($id: ID!) { resumeErasure(input: { erasureId: $id }) { clientMutationId } }';

/** Every second call is the subject's; the others are those that the queries ask for, on alice's extension. */
async function lay(
  database: Database,
  { id, numbers, extensionIds }: TestOrganization,
  calls: number,
) {
  const extensionId = extensionIds.get(numbers.front) ?? '';
  const all = 2 * calls;
  for (let from = 0; from < all; from += AT_ONCE) {
    await layPart(database, { id, numbers, extensionId }, [
      from + 1,
      Math.min(from + AT_ONCE, all),
    ]);
    say(`laid ${Math.min(from + AT_ONCE, all)} of ${all} calls\n`);
  }
  await database.rows(sql`vacuum analyze`);
}

async function layPart(
  database: Database,
  { id, numbers, extensionId }: Pick<TestOrganization, 'id' | 'numbers'> & { extensionId: string },
  [first, last]: readonly [number, number],
) {
  await database.rows(sql`
    with c as (
      insert into calls (id, organization_id, state, direction, call_type, ani, dnis, offered_at, answered_at,
        ended_at, disposition, user_data)
      select gen_random_uuid(), ${id}::uuid, 'ENDED', 'INBOUND', 'INBOUND',
        case n % 2 when 0 then ${SUBJECT}::text else '+4073' || n end, ${numbers.front}, t, t, t + interval '1 minute',
        'ANSWERED', jsonb_build_object('ticket', n)
      from generate_series(${first}::int, ${last}::int) n, lateral (select now() - interval '1 year' + n * interval '10 s' as t) l
      returning *
    ), i as (
      insert into call_identifiers (organization_id, scheme, value, call_id)
      select organization_id, 'NATIVE', id::text, id from c
    )
    insert into participants (call_id, sequence, organization_id, role, number, extension_id, state, offered_at)
    select id, '00', organization_id, 'CALLER', ani, null, 'ENDED', offered_at from c union all
    select id, '01', organization_id, 'CALLEE', dnis, ${extensionId}::uuid, 'ENDED', offered_at from c`);
}

/** Milliseconds of one page after the other, as long as the work goes on. */
async function pagesWhile(ask: Ask, number: string, goesOn: (requests: number) => boolean) {
  const times: number[] = [];
  while (goesOn(times.length)) {
    const from = performance.now();
    await ask(PAGE, { number });
    times.push(performance.now() - from);
    await sleep(5);
  }
  return times;
}

interface HowFar {
  readonly data: { readonly erasure: { readonly state: string; readonly erased: number } };
}

/** Erases, stops midway, sees that it rests, goes on. */
async function erase(ask: Ask, calls: number) {
  const { data } = JSON.parse(await ask(ERASE, { number: SUBJECT }));
  const { id }: { id: string } = data.eraseSubject.erasure;
  const howFar = async () => {
    const answer: HowFar = JSON.parse(await ask(HOW_FAR, { id }));
    return answer.data.erasure;
  };
  while ((await howFar()).erased < calls / 2) await sleep(200);
  const stopped = JSON.parse(await ask(STOP, { id })).data.stopErasure.erasure.erased;
  await sleep(1000);
  const { erased } = await howFar();
  if (erased !== stopped) throw new Error('It went on although it was stopped.');
  await ask(RESUME, { id });
  for (let told = performance.now(); ; await sleep(200)) {
    const { state, erased: now } = await howFar();
    if (state === 'DONE') return { erased: now };
    if (performance.now() - told < TELL_EVERY_MS) continue;
    told = performance.now();
    say(`erased ${now} of ${calls} calls\n`);
  }
}

const row = (times: readonly number[]) => ({
  requests: times.length,
  'p50 ms': rounded(quantile(times, 0.5)),
  'p95 ms': rounded(quantile(times, 0.95)),
  'p99 ms': rounded(quantile(times, 0.99)),
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { calls: { type: 'string', default: '1000000' } } });
  const calls = Number(values.calls);
  await using cluster = await startCluster();
  await using database = openDatabase({ url: cluster.url, connections: 2 });
  await migrate(database);
  const organization = await layOrganization(database);
  await lay(database, organization, calls);
  const { userId } = organization.principal('olivia');
  const ofOrganization = { userId, organizationId: organization.id, expiresAt: null };
  const token = await issueToken(database, ofOrganization);
  await using gateway = await startGateway(cluster.url);
  using client = openClient(gateway.url, token);
  using other = openClient(gateway.url, token);
  const { front } = organization.numbers;
  await pagesWhile(client.ask, front, (requests) => requests < IDLE_REQUESTS);
  const idle = await pagesWhile(client.ask, front, (requests) => requests < IDLE_REQUESTS);
  const from = performance.now();
  let isErasing = true;
  const erasing = erase(other.ask, calls).finally(() => {
    isErasing = false;
  });
  const during = await pagesWhile(client.ask, front, () => isErasing);
  const { erased } = await erasing;
  const seconds = rounded((performance.now() - from) / 1000);
  const rows = { idle: row(idle), 'while erasing': row(during) };
  const ratio = {
    p50: rounded(quantile(during, 0.5) / quantile(idle, 0.5)),
    p95: rounded(quantile(during, 0.95) / quantile(idle, 0.95)),
    p99: rounded(quantile(during, 0.99) / quantile(idle, 0.99)),
  };
  say(table(rows));
  say(`${erased} calls in ${seconds} s, stopped once; ratios ${JSON.stringify(ratio)}\n`);
  await keep('erasure', { calls, erased, seconds, rows, ratio });
}

await main();
