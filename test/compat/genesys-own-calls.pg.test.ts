import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { basic } from './cometd/desktop.ts';

const OUTSIDE = '0722000555';

let tandem: TestTandem;

beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
afterAll(() => tandem[Symbol.asyncDispose]());

/** Calls that live in a queue, newer than all others, with a telephone that has left them. */
const layQueued = (count: number) =>
  tandem.database.rows(sql`
    with laid as (
      insert into calls (id, organization_id, state, direction, call_type, offered_at)
      select gen_random_uuid(), id, 'RINGING', 'INBOUND', 'INBOUND', now() + interval '1 minute'
      from organizations, generate_series(1, ${count}::int) where key = 'acme' returning *
    )
    insert into participants (call_id, sequence, organization_id, role, number, state, offered_at, extension_id)
    select l.id, case e.kind when 'QUEUE' then '00' else '01' end, l.organization_id, 'CALLEE', e.number,
      case e.kind when 'QUEUE' then 'RINGING' else 'ENDED' end, l.offered_at, e.id
    from laid l join extensions e on e.number in ('0003*211', '15001')`);

test.each(['/me/calls?fields=*', '/me?subresources=calls'])(
  'a user whose queue is full finds the call on his telephone at %s',
  async (path) => {
    const headers = { authorization: basic('olivia') };
    const get = (at: string) => fetch(`${tandem.url}/api/v2${at}`, { headers });
    const { devices } = (await (await get('/me/devices?fields=id')).json()) as {
      devices: { id: string }[];
    };
    const dial = { operationName: 'Dial', destination: { phoneNumber: OUTSIDE } };
    const url = `${tandem.url}/api/v2/me/devices/${devices[0]?.id}/calls`;
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(dial) });
    await layQueued(250);

    const answer = await get(path);

    expect(await answer.text()).toContain(`"phoneNumber":"${OUTSIDE}"`);
  },
);
