import { sql } from 'drizzle-orm';
import { requireScope } from '../auth/principal.ts';
import { type AgentState, type AgentView, OFFLINE } from '../model/agent.ts';
import { GatewayError } from '../model/errors.ts';
import { type Executor, firstRow } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';

const LONGEST_REASON = 255;

const COLUMNS = sql`state, reason, changed_at as since`;

/** What the principal itself does as an agent. */
export async function readAgentState({ database, principal }: Context): Promise<AgentView> {
  requireScope(principal, 'READ');
  const row = await firstRow<AgentView>(
    database,
    sql`select ${COLUMNS} from agents where user_id = ${principal.userId}::uuid`,
  );
  return row ? iso(row) : OFFLINE;
}

const iso = ({ since, ...row }: AgentView): AgentView => ({
  ...row,
  since: since === null ? null : new Date(since).toISOString(),
});

interface Input {
  readonly state: AgentState;
  readonly reason?: string | null | undefined;
  /** Only of somebody who is not OFFLINE. */
  readonly inSession?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Says what the principal does as an agent; calls to it ring until it answers, as long as it is not OFFLINE. */
export const setAgentState = (context: Context, input: Input) =>
  runCommand(context, {
    operation: 'setAgentState',
    scope: 'CONTROL',
    input,
    run: async (touched, written) => {
      const { principal, database } = context;
      const reason = input.reason || null;
      if (reason !== null && (reason.length > LONGEST_REASON || !isStorable(reason))) {
        throw new GatewayError('BAD_INPUT', '`reason` takes at most 255 characters of text.');
      }
      touched.push(principal.userId);
      const receipt = await database.transaction(async (tx) => {
        if (input.inSession) await checkSession(tx, principal.userId);
        await tx.rows(sql`
          insert into agents as a (user_id, organization_id, state, reason, changed_at)
          values (${principal.userId}::uuid, ${principal.organizationId}::uuid, ${input.state}, ${reason}, now())
          on conflict (user_id) do update set state = excluded.state, reason = excluded.reason, changed_at = now()
          where (a.state, a.reason) is distinct from (excluded.state, excluded.reason)`);
        return written(tx, { userId: principal.userId });
      });
      context.agents?.look(principal.userId);
      return receipt;
    },
  });

/** Whoever ends it meanwhile waits. */
async function checkSession(tx: Executor, userId: string): Promise<void> {
  const rows = await tx.rows(sql`
    select from agents where user_id = ${userId}::uuid and state <> 'OFFLINE' for update`);
  if (rows.length === 0) throw new GatewayError('WRONG_STATE', 'There is no session.');
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

/** Whether somebody sits at an extension who answers by himself. */
export async function isAttended(
  on: Executor,
  number: string,
  organizationId: string | null,
): Promise<boolean> {
  const rows = await on.rows(sql`
    select from agents a join extensions e on e.owner_id = a.user_id
    where e.number = ${number} and a.state <> 'OFFLINE'
      and (${organizationId}::uuid is null or e.organization_id = ${organizationId}::uuid)`);
  return rows.length > 0;
}
