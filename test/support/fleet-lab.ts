import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { visibilityOf } from '../../src/auth/principal.ts';
import type { SwitchConnector } from '../../src/connectors/connector.ts';
import { createExchange, type Exchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import type { Carrier } from '../../src/fleet/carrier.ts';
import type { Context } from '../../src/operations/context.ts';
import { openSwitches } from '../../src/operations/open-switches.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createManualClock } from '../connectors/manual-clock.ts';
import type { FreshDatabase } from './database.ts';
import { layOrganization, type TestOrganization } from './organization.ts';

/** When a member linked to the switch, and when that link was closed, in the order in which it came. */
export interface LinkEvent {
  readonly member: string;
  readonly what: 'LINKED' | 'CLOSED' | 'COMMANDED';
}

/** One of the processes, as far as its switches are concerned. */
export interface Member extends AsyncDisposable {
  readonly carrier: Carrier;
  /** Resolves when some process has told what lives on the switch. */
  linked(): Promise<void>;
  /** A request of one of the organization's people to this process. */
  as(name: 'alice' | 'olivia' | 'admin'): Context;
}

/** Processes on one database with one switch, which stands still unless it is told to move. */
export interface FleetLab {
  readonly id: string;
  readonly organization: TestOrganization;
  readonly exchange: Exchange;
  readonly events: readonly LinkEvent[];
  /** Opens another process; its way to Postgres may be another. */
  join(name: string, url?: string): Promise<Member>;
}

/** `turnMs` makes it a switch that hangs up one call after the other, and takes so long for each. */
export async function openFleetLab(
  database: FreshDatabase,
  { turnMs }: { turnMs?: number } = {},
): Promise<FleetLab> {
  const organization = await layOrganization(database);
  const exchange = createExchange({ clock: createManualClock() });
  const id = `lab-${uuid()}`;
  const events: LinkEvent[] = [];
  return {
    ...{ id, organization, exchange, events },
    async join(name, url = database.url) {
      await using stack = new AsyncDisposableStack();
      const own = stack.use(openDatabase({ url, connections: 5, serves: true }));
      const feed = stack.use(
        await openPostgresFeed({ database: own, shared: true, onError: () => {} }),
      );
      const connector = watched(createSimulator(exchange), { member: name, events, turnMs });
      const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
      const switches = stack.use(
        await openSwitches({
          ...{ database: own, databaseUrl: url, feed, log },
          switches: [{ id, connector }],
        }),
      );
      const carrier = switches.all.get(id);
      if (!carrier) throw new Error('The switch is not there.');
      const held = stack.move();
      return {
        carrier,
        linked: () => switches.linked(id),
        as(person) {
          const principal = organization.principal(person);
          return {
            ...{ database: own, feed, switches: switches.all, confirmMs: 400, dialect: 'graphql' },
            ...{ principal, visibility: visibilityOf(principal), requestId: uuid() },
            signal: new AbortController().signal,
          };
        },
        [Symbol.asyncDispose]: () => held.disposeAsync(),
      };
    },
  };
}

interface Watch {
  readonly member: string;
  readonly events: LinkEvent[];
  readonly turnMs: number | undefined;
}

/** The same connector, under observation. */
function watched(inner: SwitchConnector, { member, events, turnMs }: Watch): SwitchConnector {
  return {
    ...inner,
    ...(turnMs !== undefined && { hangsUpInTurn: true }),
    async connect(listener) {
      const link = await inner.connect(listener);
      events.push({ member, what: 'LINKED' });
      return {
        ...link,
        async hangup(ref) {
          events.push({ member, what: 'COMMANDED' });
          await wait(turnMs ?? 0);
          return link.hangup(ref);
        },
        async [Symbol.asyncDispose]() {
          events.push({ member, what: 'CLOSED' });
          await link[Symbol.asyncDispose]();
        },
      };
    },
  };
}
