import { sql } from 'drizzle-orm';
import type { JsonObject } from '../model/json.ts';
import { WHOLE_CALL } from '../model/shape.ts';
import type { Transaction } from '../store/database.ts';
import { callJson } from '../store/queries/json.ts';
import { AUDIENCE } from './log-change.ts';

/**
 * Takes all user data out of a call and out of the log, and what was pressed in it; tells of either that was there, and
 * takes note of both erasures: what was under way before must not be written after them. The call is locked.
 *
 * One statement, as the row and the log's indexes are opened anew by each one.
 * @param userData what is left: nothing, or what its switch was told after all the rest.
 */
export function logErasure(tx: Transaction, callId: string, userData: JsonObject): void {
  const id = sql`${callId}::uuid`;
  const after = sql`${sql.param(userData)}::jsonb`;
  tx.send(sql`
    with pressed as (
      delete from call_changes where call_id = ${id} and dtmf is not null returning true
    ), erased as (
      update call_changes set state = jsonb_set(state::jsonb, '{userData}', 'null')::json
      where call_id = ${id} and state is not null and dtmf is null
    ), gone as materialized (
      select (coalesce(user_data, '{}') <> ${after})::int as data, exists (select from pressed)::int as dtmf
      from calls where id = ${id}
    ), bumped as (
      update calls set user_data = nullif(${after}, '{}'), version = version + data + dtmf,
        user_data_erased_at = clock_timestamp(), dtmf_erased_at = clock_timestamp(),
        changed_xid = case when state = 'ENDED' and data + dtmf > 0 then pg_current_xact_id() else changed_xid end
      from gone where id = ${id} returning calls.*, data, dtmf
    ), c as (
      select *, version - data - dtmf as before from bumped where data + dtmf > 0
    ), snapshot as materialized (
      select c.before, c.data, c.dtmf, c.organization_id, c.id, ${callJson(WHOLE_CALL)} as state, ${AUDIENCE} from c
    )
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
    select organization_id, id, before + nth, kind, now(),
      case when data + dtmf = 1 then state
        else jsonb_set(state::jsonb, '{version}', to_jsonb(before + nth))::json end,
      extension_ids, owner_ids
    from snapshot, lateral (
      select 'USER_DATA' as kind, 1 as nth where data = 1 union all select 'DTMF', data + 1 where dtmf = 1
    ) k order by nth`);
}
