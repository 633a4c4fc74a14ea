import { sql } from 'drizzle-orm';
import { importFile } from '../../src/import/import.ts';
import { dataOf } from '../support/ask.ts';
import { follow } from '../support/follow.ts';
import type { TestTandem } from '../support/tandem.ts';
import type { Names } from './tenancy-attacks.ts';

/** What nobody of another organization may ever see. */
const SECRET = 'a-secret-of-';

/** An ended call, a live one and a rule, all with content that nobody else may see. */
export async function lay(
  tandem: TestTandem,
  organization: string,
  user: 'alice' | 'bob',
  extension: string,
  native: string,
  party: string,
) {
  const [offeredAt, endedAt] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'];
  const userData = { secret: `${SECRET}${organization}` };
  const shared = { organization, userData, direction: 'INBOUND', callType: 'INBOUND', offeredAt };
  const records = [
    {
      type: 'phoneCallEvent',
      organization,
      extension,
      id: `event0of0${organization}`,
      eventType: 0,
      method: 'POST',
      url: `https://${SECRET}${organization}.example/`,
      status: 'ENABLED',
      note: '',
    },
    {
      type: 'call',
      ...shared,
      identifiers: [{ scheme: 'NATIVE', value: native }],
      state: 'ENDED',
      endedAt,
      ani: party,
      dnis: extension,
      disposition: 'ANSWERED',
      participants: [
        { role: 'CALLER', number: party },
        { role: 'CALLEE', number: extension, extension },
      ],
    },
  ];
  async function* lines() {
    for (const record of records) yield JSON.stringify(record);
  }
  await importFile({ database: tandem.database, lines: lines() });
  const live = `mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } } }`;
  const input = { extension, to: party, userData };
  const { placeCall } = await dataOf<{ placeCall: { call: { id: string } } }>(tandem, live, {
    as: user,
    variables: { input },
  });
  const known = `query ($native: String!, $number: String!) { viewer { id number } extension(number: $number) { id }
    call(identifier: { scheme: NATIVE, value: $native }) { id } }`;
  const {
    viewer,
    extension: own,
    call,
  } = await dataOf<Record<string, { id: string; number: string }>>(tandem, known, {
    as: user,
    variables: { native, number: extension },
  });
  await connected(tandem, user, placeCall.call.id);
  const [erasure] = await tandem.database.rows<{ organizationId: string; erasureId: string }>(sql`
    insert into erasures (id, organization_id, user_id, username, state, number, subject_hash, expected, cursor)
    select gen_random_uuid(), id, gen_random_uuid(), ${user}, 'STOPPED', ${party}, '', 1, '{}' from organizations
    where key = ${organization} returning organization_id as "organizationId", id as "erasureId"`);
  const [delivery] = await tandem.database.rows<{ id: string }>(sql`
    insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver, parameters, state, delivered_at)
    select gen_random_uuid(), organization_id, row_id, ${call?.id ?? ''}::uuid, '', ${sql.param(userData)}::jsonb,
      'DELIVERED', now() from phone_call_events where id = ${`event0of0${organization}`} returning id`);
  await tandem.database.rows(sql`insert into webhook_secrets (organization_id, secret)
    select id, ${`${SECRET}${organization}`} from organizations where key = ${organization} on conflict do nothing`);
  return {
    deliveryId: delivery?.id ?? '',
    organizationId: erasure?.organizationId ?? '',
    erasureId: erasure?.erasureId ?? '',
    callId: call?.id ?? '',
    liveCallId: placeCall.call.id,
    native,
    extension,
    extensionId: own?.id ?? '',
    eventId: `event0of0${organization}`,
    userNumber: viewer?.number ?? '',
    userId: viewer?.id ?? '',
    party,
  };
}

async function connected(tandem: TestTandem, as: 'alice' | 'bob', id: string) {
  const query = `subscription ($ids: [ID!]) { callChanges(filter: { callIds: $ids, states: [CONNECTED] }) { __typename } }`;
  await using stream = follow(tandem, query, { as, variables: { ids: [id] } });
  // The snapshot that is there at once may say so already, else the first change does.
  let seen = await stream.next();
  while (JSON.stringify(seen).includes('FeedBookmark')) seen = await stream.next();
}

/** Every row of these names. */
export const dump = (
  { database }: TestTandem,
  { callId, liveCallId, extensionId, userId, organizationId }: Names,
) =>
  database.rows(sql`
    select to_jsonb(c) as row from calls c where id in (${callId}::uuid, ${liveCallId}::uuid)
    union all select to_jsonb(p) from participants p where call_id in (${callId}::uuid, ${liveCallId}::uuid)
    union all select to_jsonb(i) from call_identifiers i where call_id in (${callId}::uuid, ${liveCallId}::uuid)
    union all select to_jsonb(l) from call_changes l where call_id in (${callId}::uuid, ${liveCallId}::uuid)
    union all select to_jsonb(e) from extensions e where owner_id = ${userId}::uuid
    union all select to_jsonb(r) from phone_call_events r where extension_id = ${extensionId}::uuid
    union all select to_jsonb(d) from event_deliveries d where d.state = 'DELIVERED'
      and d.call_id in (${callId}::uuid, ${liveCallId}::uuid)
    union all select to_jsonb(s) from webhook_secrets s where s.organization_id = ${organizationId}::uuid
    union all select to_jsonb(u) from users u where id = ${userId}::uuid
    union all select to_jsonb(o) from organizations o where id = ${organizationId}::uuid
    union all select to_jsonb(x) from erasures x where organization_id = ${organizationId}::uuid
    union all select to_jsonb(t) from tokens t where user_id = ${userId}::uuid
    union all select to_jsonb(w) from deletion_watches w where w.organization_id = (select organization_id from users where id = ${userId}::uuid)`);
