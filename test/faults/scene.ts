import { sql } from 'drizzle-orm';
import { issueToken } from '../../src/auth/tokens.ts';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import type { Database } from '../../src/store/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { record, switchCall } from '../support/switch-call.ts';

export const ORGANIZATIONS = 2;
/** A USER with lines of its own, an ORGANIZATION account and an ADMINISTRATOR. */
export const PEOPLE = ['alice', 'olivia', 'admin'] as const;
export type Person = (typeof PEOPLE)[number];
export const LINES = ['front', 'desk', 'boss'] as const;
const FOUNDING_CALLS = 6;

/** One organization, the same in every run. */
export interface Tenant {
  readonly organization: TestOrganization;
  readonly tokens: Readonly<Record<Person, string>>;
  /** A token that is never taken away, as olivia's. */
  readonly clerk: string;
  /** Calls that are live from the beginning. */
  readonly calls: readonly { readonly id: string; readonly call: SwitchCall }[];
}

/** Keeps every entry that was ever committed, though a deletion takes those of its call out of the log. */
const HISTORY = `
  create table history as select * from call_changes;
  create function keep_history() returns trigger language plpgsql as
    $$ begin insert into history select new.*; return null; end $$;
  create trigger keep_history after insert on call_changes
    for each row execute function keep_history()`;

/** Lays everything that all runs begin with. */
export async function layScene(database: Database): Promise<readonly Tenant[]> {
  await database.client.unsafe(HISTORY);
  const tenants: Tenant[] = [];
  while (tenants.length < ORGANIZATIONS) tenants.push(await layTenant(database));
  return tenants;
}

async function layTenant(database: Database): Promise<Tenant> {
  const organization = await layOrganization(database);
  const token = (person: Person) =>
    issueToken(database, {
      ...{ userId: organization.principal(person).userId, organizationId: organization.id },
      expiresAt: null,
    });
  const tokens = {
    alice: await token('alice'),
    olivia: await token('olivia'),
    admin: await token('admin'),
  };
  const calls = Array.from({ length: FOUNDING_CALLS }, (_, index) => newCall(organization, index));
  for (const call of calls) await record(database, call);
  const rows = await database.rows<{ id: string; nativeId: string }>(
    sql`select id, native_id as "nativeId" from calls where organization_id = ${organization.id}::uuid`,
  );
  const idOf = (call: SwitchCall) =>
    rows.find(({ nativeId }) => nativeId === call.nativeId)?.id ?? '';
  const clerk = await token('olivia');
  return { organization, tokens, clerk, calls: calls.map((call) => ({ id: idOf(call), call })) };
}

/** A call from outside to one of the organization's lines, or between two of them. */
export function newCall({ numbers }: TestOrganization, pick: number): SwitchCall {
  const to = numbers[LINES[pick % LINES.length] ?? 'front'];
  const from = pick % 5 === 0 ? numbers.boss : `0722${pick % 100_000}`;
  // Said many times over, some are more than a connection may have waiting.
  const userData = { crm: 'c'.repeat(500 + ((pick * 700) % 3500)) };
  return switchCall([from, to], { state: pick % 2 === 0 ? 'RINGING' : 'CONNECTED', userData });
}
