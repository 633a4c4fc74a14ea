import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { visibilityOf } from '../../src/auth/principal.ts';
import type { CallRef } from '../../src/connectors/connector.ts';
import type { AdoptedCall } from '../../src/connectors/simulator/adopted-call.ts';
import { createExchange, type Exchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { openPostgresFeed } from '../../src/feed/postgres.ts';
import type { Scope } from '../../src/model/account.ts';
import type { Context } from '../../src/operations/context.ts';
import { openSwitches } from '../../src/operations/open-switches.ts';
import type { Database } from '../../src/store/database.ts';
import { createManualClock, type ManualClock } from '../connectors/manual-clock.ts';
import { layOrganization, type TestOrganization } from './organization.ts';

/** An organization whose calls are on a switch of its own. */
export interface Lab extends AsyncDisposable {
  readonly organization: TestOrganization;
  readonly feed: Feed;
  readonly exchange: Exchange;
  /** Moves the exchange's time on. */
  readonly clock: ManualClock;
  /** A request of one of the organization's people. */
  as(name: 'alice' | 'olivia' | 'admin', scopes?: readonly Scope[]): Context;
  /** Puts a call on the switch, from one number to another, and gives its id when it is recorded. */
  adopt(
    numbers: readonly [string, string],
    partial?: Partial<AdoptedCall>,
  ): Promise<{ id: string; ref: CallRef }>;
  /** Resolves when all that the switch has said is recorded. */
  settled(): Promise<void>;
  /** The call's row, or undefined. */
  row(id: string): Promise<CallRow | undefined>;
}

export interface CallRow {
  readonly state: string;
  readonly disposition: string | null;
  readonly userData: object | null;
  readonly version: number;
  readonly marked: boolean;
}

/** Opens one; the switch's link is up when this resolves. */
export async function openLab(database: Database): Promise<Lab> {
  await using stack = new AsyncDisposableStack();
  const organization = await layOrganization(database);
  const onError = (error: unknown) => {
    throw error;
  };
  const feed = stack.use(await openPostgresFeed({ database, shared: false, onError }));
  const clock = createManualClock();
  const exchange = createExchange({ clock });
  // Everybody is played: who sits where, and what he wants, is not asked, which would take its time.
  const { attend: _, divert: __, ...connector } = createSimulator(exchange);
  const id = uuid();
  const up = Promise.withResolvers<void>();
  const { all } = stack.use(
    await openSwitches({
      database,
      feed,
      switches: [{ id, connector }],
      log: {
        debug: () => {},
        info: (facts) => 'link' in facts && facts.link === 'UP' && up.resolve(),
        warn: () => {},
        error: () => {},
      },
    }),
  );
  await up.promise;
  const settled = async () => all.get(id)?.settled();
  const idOf = async ({ epoch, nativeId }: CallRef) => {
    await settled();
    const [row] = await database.rows<{ id: string }>(
      sql`select id from calls where connector = ${id} and epoch = ${epoch} and native_id = ${nativeId}`,
    );
    return row?.id ?? '';
  };
  const held = stack.move();
  return {
    ...{ organization, feed, exchange, clock, settled },
    as(name, scopes) {
      const principal = organization.principal(name);
      return {
        ...{ database, feed, switches: all, confirmMs: 400 },
        ...{ dialect: 'graphql', requestId: uuid() },
        principal: scopes ? { ...principal, scopes } : principal,
        visibility: visibilityOf(principal),
        signal: new AbortController().signal,
      };
    },
    async adopt([from, to], partial = {}) {
      const ref = exchange.adopt({
        nativeId: uuid(),
        organizationId: organization.id,
        parties: [
          { role: 'CALLER', number: from },
          { role: 'CALLEE', number: to },
        ],
        ...partial,
      });
      return { id: await idOf(ref), ref };
    },
    async row(callId) {
      const [row] = await database.rows<CallRow>(sql`
        select state, disposition, user_data as "userData", version, deletion_requested_at is not null as marked
        from calls where id = ${callId}::uuid`);
      return row;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
