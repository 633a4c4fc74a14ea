const moment = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const CALL = `'id', c.id, 'state', c.state, 'direction', c.direction, 'ani', c.ani, 'dnis', c.dnis,
  'offeredAt', ${moment('c.offered_at')}, 'endedAt', ${moment('c.ended_at')}`;

const PARTICIPANT = `'sequence', p.sequence, 'role', p.role, 'number', p.number, 'state', p.state`;

const body = (data: string) => `json_build_object('data', ${data})::text as body`;

/** What each operation costs at least: the statement that a person would write for it. */
export const STATEMENTS: Readonly<Record<string, string>> = {
  Q1: `select ${body(`json_build_object('extension', (
    select json_build_object('calls', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object(${CALL}, 'participants', (
        select json_agg(json_build_object(${PARTICIPANT}, 'extension',
          case when e.id is not null then json_build_object('number', e.number, 'label', e.label) end) order by p.sequence)
        from participants p left join extensions e on e.id = p.extension_id where p.call_id = c.id
      )) order by c.offered_at desc, c.id desc), '[]')
      from (select call_id from participants k where k.extension_id = x.id
        order by k.offered_at desc, k.call_id desc limit 50) k join calls c on c.id = k.call_id
    ))) from extensions x where x.number = $1))`)}`,
  Q2: `select ${body(`json_build_object('call', (
    select json_build_object(${CALL}, 'userData', c.user_data, 'participants', (
      select json_agg(json_build_object(${PARTICIPANT}) order by p.sequence) from participants p where p.call_id = c.id))
    from calls c where c.id = $1))`)}`,
  Q3: `select ${body(`json_build_object('extension', (
    select json_build_object('phoneCallEvents', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object('id', r.id, 'type', r.type, 'method', r.method, 'url', r.url,
        'status', r.status, 'note', r.note, 'modifiedAt', ${moment('r.modified_at')}) order by r.row_id), '[]')
      from (select * from phone_call_events r where r.extension_id = x.id order by r.row_id limit 50) r
    ))) from extensions x where x.number = $1))`)}`,
  M1: `with done as (update calls set user_data = null, version = version + 1 where id = $1 returning id, user_data)
    select ${body(`json_build_object('deleteUserData', json_build_object('call', (
      select json_build_object('id', id, 'userData', user_data) from done)))`)}`,
  // The same with what Tandem's writes beside it, in the fewest words.
  M1logged: `with done as (
      update calls set user_data = null, version = version + 1 where id = $1 returning *
    ), erased as (
      update call_changes set state = jsonb_set(state::jsonb, '{userData}', 'null')::json where call_id = $1 and state is not null
    ), logged as (
      insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
      select organization_id, id, version, 'USER_DATA', now(), to_json(done),
        (select array_agg(p.extension_id) from participants p where p.call_id = id and p.extension_id is not null), '{}'
      from done
    ), audited as (
      insert into audit_entries (organization_id, dialect, operation, subjects, result, request_id)
      select organization_id, 'limit', 'deleteUserData', array[id::text], 'OK', '' from done
    ) select ${body(`json_build_object('deleteUserData', json_build_object('call', (
      select json_build_object('id', id, 'userData', user_data) from done)))`)}`,
};
