import { setTimeout as after } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { recordCall } from '../../src/operations/record-call.ts';
import type { Database } from '../../src/store/database.ts';
import { endOf, LAB } from '../support/switch-call.ts';
import type { Berth } from './fleet.ts';
import type { ClientWriter, SwitchWriter } from './plan.ts';
import { newCall, type Tenant } from './scene.ts';

type SwitchStep = SwitchWriter['steps'][number];

/** On a slow machine, not all steps are taken. */
const LONGEST_MS = 6000;
const isLate = (began: number) => performance.now() - began > LONGEST_MS;

/** Says of its own calls what a switch would; what fails is said again when the call is next picked. */
export async function writeAsSwitch(
  database: Database,
  { organization }: Tenant,
  own: readonly SwitchCall[],
  { steps }: SwitchWriter,
): Promise<void> {
  const live = [...own];
  const began = performance.now();
  for (const step of steps) {
    if (isLate(began)) return;
    const index = step.pick % Math.max(1, live.length);
    const before = live[index];
    const call =
      step.act === 'OFFER' || !before ? newCall(organization, step.pick) : next(before, step);
    await database
      .transaction(async (tx) => {
        await recordCall(tx, LAB, call);
        if (step.openMs > 0) await tx.rows(sql`select pg_sleep(${step.openMs / 1000}::float)`);
      })
      // The database may be away, or have cut the transaction off.
      .catch(() => {});
    if (step.act === 'OFFER' || !before) live.push(call);
    else if (step.act === 'END') live.splice(index, 1);
    else live[index] = call;
    await after(step.pauseMs);
  }
}

function next(call: SwitchCall, { act, pick }: SwitchStep): SwitchCall {
  const [first, ...others] = call.parties;
  switch (act) {
    case 'END':
      return endOf(call);
    case 'DATA':
      return { ...call, userData: { [`key${pick % 4}`]: 'x'.repeat(pick % 1500) } };
    case 'HOLD':
      return first && call.state === 'CONNECTED'
        ? { ...call, state: 'HELD', parties: [{ ...first, state: 'HELD' }, ...others] }
        : { ...call, recordingState: 'RECORDING' };
    default: {
      const answeredAt = call.answeredAt ?? call.offeredAt;
      const parties = call.parties.map(
        (party) => ({ ...party, state: 'CONNECTED', answeredAt }) as const,
      );
      return { ...call, state: 'CONNECTED', answeredAt, parties };
    }
  }
}

const MUTATIONS = {
  ATTACH: ['attachUserData', { userData: { note: 'n'.repeat(700) } }],
  UPDATE: ['updateUserData', { userData: { note: 'updated', more: 'm'.repeat(300) } }],
  TAKE_KEY: ['deleteUserDataPair', { key: 'note' }],
  TAKE_ALL: ['deleteUserData', {}],
  DELETE: ['deleteCall', {}],
} as const;

/** Does what the customers' programs do, at one Tandem; one that is away is tried again at the next step. */
export async function writeAsClient(
  berths: readonly Berth[],
  { clerk, calls }: Tenant,
  { steps, tandem }: ClientWriter,
): Promise<void> {
  const berth = berths[tandem % berths.length];
  const send = async (query: string, variables = {}) => {
    const response = await fetch(`http://127.0.0.1:${berth?.port()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${clerk}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data?: { calls?: { nodes: { id: string }[] } } | null };
  };
  let known = calls.map(({ id }) => id);
  const began = performance.now();
  for (const [index, { act, pick, pauseMs }] of steps.entries()) {
    if (isLate(began)) return;
    try {
      if (index % 5 === 0) {
        const { data } = await send('{ calls(first: 30) { nodes { id } } }');
        known = data?.calls?.nodes.map(({ id }) => id) ?? known;
      }
      const callId = known[pick % Math.max(1, known.length)];
      const [name, parts] = MUTATIONS[act];
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
      const input = act === 'DELETE' ? { selector: { callId } } : { callId, ...parts };
      await send(`mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`, { input });
    } catch {
      // Killed in the midst of it, or not there yet.
    }
    await after(pauseMs);
  }
}
