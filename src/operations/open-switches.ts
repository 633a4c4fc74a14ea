import { sql } from 'drizzle-orm';
import type { Feed } from '../feed/feed.ts';
import { joinFleet } from '../fleet/fleet.ts';
import type { SwitchToOpen } from '../fleet/seat.ts';
import { soleOwner } from '../fleet/sole-owner.ts';
import type { Tenure } from '../fleet/tenure.ts';
import { type NumberRules, PLAIN_NUMBERS } from '../model/number-rules.ts';
import type { Database } from '../store/database.ts';
import { isAttended } from './agent-state.ts';
import { dialByRules } from './dial-by-rules.ts';
import { diversionOf } from './divert-calls.ts';
import { superviseAndRecord } from './supervise-and-record.ts';
import { noCounts, type SwitchCounts } from './switch-counts.ts';
import type { SwitchLog } from './switch-log.ts';
import type { Switches } from './switches.ts';

interface Options {
  readonly database: Database;
  /** Where other processes find the same database; absent when it is this one's own. */
  readonly databaseUrl?: string | undefined;
  readonly feed: Feed;
  readonly log: SwitchLog;
  /** Hears of what keeps this process from its place among the others; absent: the log does. */
  readonly onError?: (error: unknown) => void;
  readonly switches: readonly SwitchToOpen[];
  /** How long an end is awaited. A switch may take as long to answer a hang-up, and 2 s at least; default 5 s. */
  readonly confirmMs?: number;
  /** Whether digits that are pressed in calls are told and kept; default: yes. */
  readonly hasDtmfEvents?: boolean;
  /** How switches call numbers, by their ids; default: as everybody does. */
  readonly numbers?: ReadonlyMap<string, NumberRules>;
}

/** An end comes soon after the switch's answer; for that it may have to ask telephones. */
const LEAST_ANSWER_MS = 2000;

/** The switches at work. */
export interface OpenSwitches extends AsyncDisposable {
  readonly all: Switches;
  /** What was counted of each while its link was here. */
  readonly counts: ReadonlyMap<string, SwitchCounts>;
  /** Resolves when this one has told for the first time what lives on it. */
  linked(id: string): Promise<void>;
}

/** Keeps one link to each switch among all processes on the database, and writes what they say. */
export async function openSwitches(options: Options): Promise<OpenSwitches> {
  const { database, databaseUrl: url, log } = options;
  const say = (error: unknown) => log.error({ err: error }, 'the switches are not in order');
  const { onError = say, confirmMs = 5000 } = options;
  const hangupTimeoutMs = Math.max(confirmMs, LEAST_ANSWER_MS);
  const rulesOf = (id: string) => options.numbers?.get(id) ?? PLAIN_NUMBERS;
  for (const { id, connector } of options.switches) {
    connector.attend?.((number, organizationId) => isAttended(database, number, organizationId));
    connector.divert?.(diversionOf(database, rulesOf(id)));
  }
  await tellOfStrangers(options);
  const switches = options.switches.map(({ id, connector }) => ({
    ...{ id, connector: dialByRules(connector, rulesOf(id)), numbers: rulesOf(id) },
  }));
  const firstLists = new Map(switches.map(({ id }) => [id, Promise.withResolvers<void>()]));
  const onUp = (id: string) => firstLists.get(id)?.resolve();
  const counts = new Map(switches.map(({ id }) => [id, noCounts()]));
  let changed = () => {};
  const supervise = (one: SwitchToOpen, tenure: Tenure) => {
    const count = counts.get(one.id) ?? noCounts();
    const numbers = rulesOf(one.id);
    return superviseAndRecord({
      ...options,
      one,
      tenure,
      count,
      numbers,
      hangupTimeoutMs,
      hasDtmfEvents: options.hasDtmfEvents ?? true,
      onUp,
      onLink: () => changed(),
    });
  };
  const fleet =
    url && switches.length > 0
      ? await joinFleet({ database, url, switches, hangupTimeoutMs, supervise, onUp, onError })
      : soleOwner({ switches, supervise });
  changed = fleet.changed;
  return {
    ...{ all: fleet.carriers, counts },
    linked: async (id) => firstLists.get(id)?.promise,
    [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
  };
}

/** Calls of an organization that is not there yet are not recorded: better said now than with the first of them. */
async function tellOfStrangers({ database, log, numbers = new Map() }: Options) {
  for (const [connector, { organization }] of numbers) {
    if (organization === null) continue;
    const found = await database.rows(sql`select from organizations where key = ${organization}`);
    if (found.length > 0) continue;
    log.warn({ connector, organization }, 'NUMBERS names an organization that is not imported');
  }
}
