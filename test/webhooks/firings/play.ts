import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import pRetry from 'p-retry';
import type { SwitchCall } from '../../../src/connectors/connector.ts';
import { isAway } from '../../../src/store/away.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import type { Ground } from '../../faults/ground.ts';
import type { Nursery } from '../../faults/nursery.ts';
import { layOrganization } from '../../support/organization.ts';
import { layRules } from '../../support/rules.ts';
import { endOf, record, switchCall } from '../../support/switch-call.ts';
import { type FlakyReceiver, startFlakyReceiver } from './flaky-receiver.ts';

/** A call fires its offer, its answer and its end. */
const PER_CALL = 3;
/** Calls that are written at a time. */
const WRITERS = 8;

export interface FiringsOutcome {
  readonly firings: number;
  /** Requests that came, whatever became of them. */
  readonly requests: number;
  /** Requests for what the receiver had taken already. */
  readonly repeats: number;
  /** Empty when each was delivered at least once, in the order of its call, and each time the same. */
  readonly violations: readonly string[];
  readonly ms: number;
}

interface Options {
  readonly ground: Ground;
  readonly nursery: Nursery;
  readonly calls: number;
  readonly seed: number;
  /** Hears how far it is. */
  readonly onStage?: (stage: string) => void;
}

/**
 * Writes calls whose rules fire at a receiver that fails at random, while the gateway is killed twice and Postgres
 * once; waits until the gateway says that all is delivered, and compares with what the receiver has seen.
 */
export async function playFirings({
  ground,
  nursery,
  calls,
  seed,
  onStage = () => {},
}: Options): Promise<FiringsOutcome> {
  await using stack = new AsyncDisposableStack();
  const from = performance.now();
  const { url } = stack.use(await ground.fresh());
  const database = stack.use(openDatabase({ url, connections: WRITERS + 2 }));
  const receiver = stack.use(await startFlakyReceiver(randomOf(seed)));
  const organization = await layOrganization(database);
  const { front } = organization.numbers;
  await layRules(database, organization, { number: front, url: receiver.url });
  const settings = { DATABASE_URL: url, WEBHOOKS_ALLOW_PRIVATE: '1', LOG_LEVEL: 'silent' };
  let gateway = await nursery.start(settings);
  stack.defer(async () => {
    gateway.send('SIGKILL');
    await gateway.gone;
  });
  const kill = async () => {
    gateway.send('SIGKILL');
    await gateway.gone;
    gateway = await nursery.start(settings);
  };
  const total = calls * PER_CALL;
  const written = writeCalls(database, front, calls);
  const tell = (stage: string) => onStage(`${stage} after ${receiver.count()} requests`);
  for (const [share, stage, strike] of [
    [0.25, 'the gateway is killed', kill],
    [0.5, 'Postgres is restarted', ground.restart],
    [0.75, 'the gateway is killed', kill],
  ] as const) {
    await cameTo(receiver, total * share);
    tell(stage);
    await strike();
  }
  await written;
  tell('the last call is written');
  await allDelivered(database);
  const violations = await compare(database, receiver, total);
  const requests = receiver.count();
  return {
    ...{ firings: total, requests, violations, ms: Math.round(performance.now() - from) },
    repeats: receiver.repeats(),
  };
}

/** Numbers from 0 to 1 that a seed says. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const patiently = <T>(work: () => Promise<T>) =>
  pRetry(work, {
    ...{ retries: 100, minTimeout: 50, maxTimeout: 200 },
    shouldRetry: ({ error }) => isAway(error),
  });

async function writeCalls(database: Database, front: string, calls: number) {
  let left = calls;
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const call = switchCall(['0722000111', front], { state: 'RINGING' });
      // What was committed unseen changes nothing when it is said again.
      for (const next of courseOf(call)) await patiently(() => record(database, next));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

function courseOf(call: SwitchCall): readonly SwitchCall[] {
  const answeredAt = '2026-01-02T03:04:10.000Z';
  const parties = call.parties.map((party) => ({
    ...party,
    state: 'CONNECTED' as const,
    answeredAt,
  }));
  const answered = { ...call, state: 'CONNECTED' as const, answeredAt, parties };
  return [call, answered, endOf(answered)];
}

async function cameTo(receiver: FlakyReceiver, count: number) {
  while (receiver.count() < count) await wait(20);
}

async function allDelivered(database: Database) {
  const isLeft = async () => {
    const rows = await patiently(() =>
      database.rows(sql`select from event_deliveries where state <> 'DELIVERED' limit 1`),
    );
    return rows.length > 0;
  };
  while (await isLeft()) await wait(100);
}

async function compare(database: Database, receiver: FlakyReceiver, total: number) {
  const fired = await database.rows<{ callId: string; ids: readonly string[] }>(sql`
    select parameters ->> 'CallID' as "callId", array_agg(id::text order by position) as ids
    from event_deliveries group by 1`);
  const seen = receiver.seen();
  const count = fired.reduce((sum, { ids }) => sum + ids.length, 0);
  const violations = receiver.forged.map((id) => `${id} came with two contents`);
  if (count !== total) violations.push(`${count} were fired, and not ${total}`);
  for (const { callId, ids } of fired) {
    const { order = [], accepted = new Set<string>() } = seen.get(callId) ?? {};
    const lost = ids.filter((id) => !accepted.has(id));
    const places = order.map((id) => ids.indexOf(id));
    const isInOrder = places.every((place, index) => place >= (places[index - 1] ?? 0));
    if (lost.length > 0) violations.push(`call ${callId}: ${lost.join(' ')} never arrived`);
    if (!isInOrder) violations.push(`call ${callId}: came as ${places.join(' ')}`);
  }
  return violations;
}
