const moment = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const LINK = `'http://127.0.0.1/uapi/phoneCalls/@me/' || x.number`;

const VIEWS = `(select json_agg(json_build_object('id', p.sequence, 'extension', coalesce(e.number, p.number),
    'source', json_build_array(c.ani), 'destination', json_build_array(c.dnis), 'flow', 8, 'status', 5,
    'callerId', c.ani, 'answered', ${moment('p.answered_at')}) order by p.sequence)
  from participants p left join extensions e on e.id = p.extension_id where p.call_id = c.id)`;

const CALL = `json_build_object('id', replace(c.id::text, '-', ''), 'extension', x.number, 'ownerId', o.key,
  'ownerName', o.name, 'published', ${moment('c.offered_at')}, 'answered', ${moment('c.answered_at')},
  'phoneCallView', ${VIEWS}, 'links', json_build_object('self', ${LINK} || '/' || replace(c.id::text, '-', '')))`;

const LIVE = `from participants k join calls c on c.id = k.call_id
  where k.extension_id = x.id and c.state in ('DIALING', 'RINGING', 'CONNECTED', 'HELD')`;

/** Writes an entry into the log and one into the audit log, of calls that are in \`done\`. */
const logged = (kind: string, operation: string) => `, logged as (
    insert into call_changes (organization_id, call_id, version, kind, occurred_at, state, extension_ids, owner_ids)
    select organization_id, id, version, '${kind}', now(), to_json(done), '{}', '{}' from done
  ), ${audited(operation)}`;

const audited = (operation: string) => `audited as (
    insert into audit_entries (organization_id, dialect, operation, subjects, result, request_id)
    select organization_id, 'limit', '${operation}', array[id::text], 'OK', '' from done)`;

const hangUp = (more: string) => `with done as (
    update calls set state = 'ENDED', ended_at = now(), version = version + 1 where id = $1 returning *
  ), legs as (
    update participants set state = 'ENDED', left_at = now() where call_id = $1${more ? `)${more}` : ')'}
  select json_build_array(json_build_object('id', replace(id::text, '-', '')))::text as body from done`;

const deleteEvent = (more: string) => `with done as (
    delete from phone_call_events where id = $1 returning *)${more}
  select json_build_array(json_build_object('id', id))::text as body from done`;

const deleteUserData = (more: string) => `with done as (
    update calls set user_data = null, version = version + 1 where id = $1 returning *)${more}
  select '{"statusCode":0}' as body from done`;

const deleteCall = (more: string) => `with done as (
    delete from calls where id = $1 returning *)${more}
  select '<VerbaApi><Response code="0" type="DeleteCall" /></VerbaApi>' as body from done`;

/** What each legacy request costs at least: one statement that gives the body; then with what is written beside it. */
export const LEGACY_STATEMENTS: Readonly<Record<string, string>> = {
  list: `select json_build_object('totalResults', (select count(*) ${LIVE}), 'itemsPerPage', 20, 'startIndex', 0,
      'entry', (select coalesce(json_agg(${CALL} order by c.offered_at desc, c.id desc), '[]')
        from (select c.* ${LIVE} order by c.offered_at desc, c.id desc limit 20) c),
      'links', json_build_object('self', ${LINK} || '?startIndex=0&count=20'))::text as body
    from extensions x join organizations o on o.id = x.organization_id where x.number = $1`,
  'hang-up': hangUp(''),
  'hang-up logged': hangUp(logged('STATE', 'hangupPhoneCall')),
  'phone call event': deleteEvent(''),
  'phone call event logged': deleteEvent(`, ${audited('deletePhoneCallEvents')}`),
  'user data': deleteUserData(''),
  'user data logged': deleteUserData(logged('USER_DATA', 'deleteUserData')),
  call: deleteCall(''),
  'call logged': deleteCall(logged('DELETED', 'deleteCall')),
};
