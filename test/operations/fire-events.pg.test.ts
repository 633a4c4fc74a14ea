import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { SOLE_TENURE } from '../../src/fleet/tenure.ts';
import { EVENT_TYPES } from '../../src/model/phone-call-event.ts';
import { recordCall } from '../../src/operations/record-call.ts';
import { resyncCalls } from '../../src/operations/resync-calls.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { layRules } from '../support/rules.ts';
import { endOf, LAB, record, switchCall } from '../support/switch-call.ts';

const OUTSIDE = '0722000111';

eachStore((database) => {
  let acme: TestOrganization;
  let front: string;

  beforeEach(async () => {
    acme = await layOrganization(database());
    front = acme.numbers.front;
  });

  const say = (call: SwitchCall) => record(database(), call);
  const rules = (number = front, url = 'http://crm.example/hook') =>
    layRules(database(), acme, { number, url });
  /** What has been fired, in its order: the type of the rule, and what is told. */
  const fired = () =>
    database().rows<{ type: string; parameters: Record<string, string> }>(sql`
      select (${sql.param(EVENT_TYPES)}::text[])[r.type + 1] as type, d.parameters from event_deliveries d
      join phone_call_events r on r.row_id = d.event_row_id
      where d.organization_id = ${acme.id}::uuid order by d.position`);
  const typesFired = async () => (await fired()).map(({ type }) => type);
  const ringing = (partial: Parameters<typeof switchCall>[1] = {}) =>
    switchCall([OUTSIDE, front], { state: 'RINGING', ...partial });
  const answered = (call: SwitchCall): SwitchCall => {
    const at = '2026-01-02T03:04:10.000Z';
    const parties = call.parties.map((party) => ({
      ...party,
      state: 'CONNECTED' as const,
      answeredAt: at,
    }));
    return { ...call, state: 'CONNECTED', answeredAt: at, parties };
  };

  test('a call to an extension fires its offer, its answer and its end, in this order', async () => {
    await rules();
    const call = ringing();

    for (const next of [call, answered(call), endOf(answered(call))]) await say(next);

    expect(await typesFired()).toEqual(['DIAL_IN', 'ANSWER_INCOMING', 'HANGUP']);
  });

  test('a call of an extension fires that it is placed, answered and ended', async () => {
    await rules();
    const call = switchCall([front, OUTSIDE], { state: 'RINGING' });

    for (const next of [call, answered(call), endOf(answered(call))]) await say(next);

    expect(await typesFired()).toEqual(['DIAL_OUT', 'ANSWER_OUTGOING', 'HANGUP']);
  });

  test('it tells of the call in the words of VoipNow', async () => {
    await rules();
    const call = switchCall([OUTSIDE, front], {
      state: 'RINGING',
      dnis: '0215550100',
      identifiers: [{ scheme: 'VOIPNOW', value: '7d280cc4feae3255a497' }],
      parties: [
        { role: 'CALLER', number: OUTSIDE, name: 'Zoë' },
        { role: 'CALLEE', number: front },
      ],
    });

    await say(call);

    expect((await fired())[0]?.parameters).toEqual({
      ...{ CallID: '7d280cc4feae3255a497', CallerIDNum: OUTSIDE, CallerIDName: 'Zoë' },
      ...{ CalledDID: '0215550100', CalledExtension: front, CalledNumber: '0215550100' },
      ...{ CallStatus: 'CALLING', CallFlow: 'IN', CallerExtension: '' },
    });
  });

  test('a call between two extensions fires for both', async () => {
    await rules(front);
    await rules(acme.numbers.boss);
    const call = switchCall([front, acme.numbers.boss], { state: 'RINGING' });

    await say(call);

    const told = (await fired()).map(({ type, parameters }) => [type, parameters['CallFlow']]);
    expect(told).toEqual([
      ['DIAL_OUT', 'OUT'],
      ['DIAL_IN', 'IN'],
    ]);
    expect((await fired())[1]?.parameters).toMatchObject({
      CallerExtension: front,
      CalledExtension: acme.numbers.boss,
    });
  });

  test('an unanswered call ends with an unknown status', async () => {
    await rules();
    const call = ringing();

    for (const next of [call, endOf(call, { disposition: 'NO_ANSWER' })]) await say(next);

    const told = (await fired()).map(({ type, parameters }) => [type, parameters['CallStatus']]);
    expect(told).toEqual([
      ['DIAL_IN', 'CALLING'],
      ['HANGUP', 'UNKNOWN'],
    ]);
  });

  test('a call that is heard of only when it has ended fires all that it came past', async () => {
    await rules();

    await say(endOf(answered(ringing())));

    expect(await typesFired()).toEqual(['DIAL_IN', 'ANSWER_INCOMING', 'HANGUP']);
  });

  test('what is said twice fires once, and a hold fires nothing', async () => {
    await rules();
    const call = answered(ringing());
    await say(call);

    for (const next of [call, { ...call, state: 'HELD' as const }, call]) await say(next);

    expect(await typesFired()).toEqual(['DIAL_IN', 'ANSWER_INCOMING']);
  });

  test('a call that its switch has lost fires its end', async () => {
    await rules();
    await say(answered(ringing()));
    const resync = { database: database(), ...LAB, record: say, ...SOLE_TENURE };

    await resyncCalls(resync, { epoch: 'second', calls: [] });

    expect((await typesFired()).at(-1)).toBe('HANGUP');
  });

  test('a rule that is made in the midst of a call fires for the rest of it', async () => {
    const call = answered(ringing());
    await say(call);
    await rules();

    for (const next of [{ ...call, state: 'HELD' as const }, endOf(call)]) await say(next);

    expect(await typesFired()).toEqual(['HANGUP']);
  });

  test('a disabled rule does not fire', async () => {
    await rules();
    await database().rows(
      sql`update phone_call_events set status = 'DISABLED' where organization_id = ${acme.id}::uuid`,
    );

    await say(ringing());

    expect(await fired()).toEqual([]);
  });

  test('a change that is rolled back fires nothing', async () => {
    await rules();
    const call = ringing();

    const failing = database().transaction(async (tx) => {
      await recordCall(tx, LAB, call);
      throw new Error('too late');
    });

    await expect(failing).rejects.toThrow('too late');
    expect(await fired()).toEqual([]);
  });

  test('the receiver is what the URL names, without its credentials and its path', async () => {
    await rules(front, 'https://User:Pass@CRM.example:8443/hook?a=b@c');

    await say(ringing());

    const rows = await database().rows<{ receiver: string }>(
      sql`select receiver from event_deliveries where organization_id = ${acme.id}::uuid`,
    );
    expect(rows).toEqual([{ receiver: 'https://crm.example:8443' }]);
  });
});
