import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { beforeEach, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { SOLE_TENURE } from '../../src/fleet/tenure.ts';
import { WHOLE_CALL } from '../../src/model/shape.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import { resyncCalls } from '../../src/operations/resync-calls.ts';
import { readCalls } from '../../src/store/queries/read.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { endOf, LAB, record, switchCall } from '../support/switch-call.ts';

eachStore((database) => {
  let acme: TestOrganization;
  let inbound: SwitchCall;

  beforeEach(async () => {
    acme = await layOrganization(database());
    inbound = switchCall(['0722000111', acme.numbers.front], { userData: { crm: '42' } });
  });

  const say = (call: SwitchCall) => record(database(), call);
  const resync = (epoch: string, calls: readonly SwitchCall[]) =>
    resyncCalls({ database: database(), ...LAB, record: say, ...SOLE_TENURE }, { epoch, calls });
  /** The call as readers see it. */
  const stored = async ({ nativeId, epoch }: SwitchCall = inbound) => {
    const rows = await database().rows<{ id: string }>(
      sql`select id from calls where native_id = ${nativeId} and epoch = ${epoch}`,
    );
    const ids = rows.map(({ id }) => id);
    return (await readCalls(database(), ids, WHOLE_CALL, EVERYTHING))[0];
  };
  const set = (column: 'deletion_requested_at' | 'held_for_legal' | 'user_data', value: unknown) =>
    database().client`update calls set ${database().client({ [column]: value })}
      where native_id = ${inbound.nativeId}`;
  const mark = () => set('deletion_requested_at', new Date());
  const kindsOf = async (id = '') => {
    const rows = await database().rows<{ kind: string }>(
      sql`select kind from call_changes where call_id = ${id}::uuid order by xid, id`,
    );
    return rows.map(({ kind }) => kind);
  };

  test('a new call is written with its legs, its user data and its home', async () => {
    const recorded = await say(inbound);

    expect(recorded).toBe('CHANGED');
    expect(await stored()).toMatchObject({
      ...{ organizationId: acme.id, state: 'CONNECTED', direction: 'INBOUND', version: 1 },
      userData: { crm: '42' },
      participants: [
        { sequence: '00', number: '0722000111', extension: null },
        { sequence: '01', extension: { number: acme.numbers.front } },
      ],
    });
  });

  test('a duplicate changes nothing', async () => {
    await say(inbound);

    const recorded = await say(inbound);

    expect(recorded).toBe('UNCHANGED');
    expect(await stored()).toMatchObject({ version: 1 });
  });

  test.each(['DIALING', 'RINGING'] as const)(
    '%s does not undo what came after it',
    async (state) => {
      const next = state === 'DIALING' ? 'RINGING' : 'CONNECTED';
      await say({ ...inbound, state: next });

      const recorded = await say({ ...inbound, state });

      expect(recorded).toBe('DROPPED');
      expect(await stored()).toMatchObject({ state: next, version: 1 });
    },
  );

  test('the end is final', async () => {
    await say(endOf(inbound));

    const recorded = await Promise.all([
      say(inbound),
      say(endOf(inbound, { disposition: 'BUSY' })),
    ]);

    expect(recorded).toEqual(['DROPPED', 'DROPPED']);
    expect(await stored()).toMatchObject({ disposition: 'ANSWERED', version: 1 });
  });

  test('a call of nobody, or of an organization that is gone, is not recorded', async () => {
    const orphans = [uuid(), 'not an id'].map((organizationId) => ({ ...inbound, organizationId }));

    const recorded = await Promise.all(
      [switchCall(['0722000111', '0722000222']), ...orphans].map(say),
    );

    expect(recorded).toEqual(['UNROUTED', 'UNROUTED', 'UNROUTED']);
    expect(await stored()).toBeUndefined();
  });

  test('legs join and leave, and keep their sequence', async () => {
    await say(inbound);
    const [caller, callee] = inbound.parties;
    if (!caller || !callee) expect.fail();
    const third = { ...callee, nativeId: 'third', number: acme.numbers.desk };

    const recorded = await say({ ...inbound, parties: [third, callee] });

    expect(recorded).toBe('CHANGED');
    const call = await stored();
    expect(call?.participants).toMatchObject([
      { sequence: '00', number: '0722000111', state: 'ENDED', leftAt: expect.any(String) },
      { sequence: '01', number: acme.numbers.front, state: 'CONNECTED' },
      { sequence: '02', number: acme.numbers.desk, state: 'CONNECTED' },
    ]);
    expect(await kindsOf(call?.id)).toEqual(['STATE', 'PARTICIPANTS']);
  });

  test('a name that the switch tells later is found', async () => {
    await say(inbound);
    const identifiers = [{ scheme: 'SIP' as const, value: uuid() }];

    await say({ ...inbound, state: 'HELD', identifiers });

    expect(await stored()).toMatchObject({ identifiers });
  });

  test('what a list does not have any more is lost, and what it has is recorded', async () => {
    await say(inbound);
    const listed = switchCall([acme.numbers.front, acme.numbers.boss]);

    await resync('first', [listed]);

    expect(await stored()).toMatchObject({
      ...{ state: 'ENDED', disposition: 'LOST', endedBy: 'UNKNOWN', version: 3 },
      participants: [{ state: 'ENDED' }, { state: 'ENDED' }],
    });
    expect(await stored(listed)).toMatchObject({ state: 'CONNECTED', direction: 'INTERNAL' });
  });

  test.each([
    ['whose phones are there', 'STOPPED', null, ['STATE', 'PARTICIPANTS']],
    ['that is recorded', 'RECORDING', null, ['STATE', 'PARTICIPANTS', 'RECORDING']],
    ['whose phones have left', 'STOPPED', 'ENDED', ['STATE']],
  ] as const)(
    'of a lost call %s all that changes is told',
    async (_name, recordingState, left, kinds) => {
      const parties = inbound.parties.map((leg) => ({ ...leg, state: left ?? leg.state }));
      await say({ ...inbound, recordingState, parties });

      await resync('first', []);

      const call = await stored();
      expect(await kindsOf(call?.id)).toEqual(['STATE', ...kinds]);
      expect(call).toMatchObject({ version: 1 + kinds.length, recordingState: 'STOPPED' });
    },
  );

  test('a list is not believed about calls that the switch told of while it made it', async () => {
    const fresh = { ...inbound, nativeId: 'fresh' };
    await say(inbound);
    await say(fresh);
    const older = { ...inbound, userData: { from: 'the list' } };
    const meanwhile = new Set([inbound.nativeId, fresh.nativeId]);

    await resyncCalls(
      { database: database(), ...LAB, record: say, ...SOLE_TENURE },
      { epoch: inbound.epoch, calls: [older], meanwhile },
    );

    expect(await stored()).toMatchObject({ userData: inbound.userData });
    expect(await stored(fresh)).toMatchObject({ state: inbound.state });
  });

  test.each<[string, Partial<SwitchCall>, number]>([
    ['as it was', {}, 0],
    ['in another state', { state: 'HELD' }, 1],
    ['with other user data', { userData: { crm: '43' } }, 1],
    ['recorded', { recordingState: 'RECORDING' }, 1],
    ['without one of its legs', { parties: switchCall(['1', '2']).parties.slice(0, 1) }, 1],
  ])('of a list, a call %s is written only when that is new', async (_, change, times) => {
    await say(inbound);
    const written: string[] = [];
    const write = async ({ nativeId }: SwitchCall) => written.push(nativeId);
    const live = { epoch: 'first', calls: [{ ...inbound, ...change }] };

    await resyncCalls({ database: database(), ...LAB, record: write, ...SOLE_TENURE }, live);

    expect(written).toHaveLength(times);
  });

  test('a call of which Postgres cannot keep something holds up no other of its list', async () => {
    const broken = switchCall(['1', '2'], { userData: { a: '\0' } });

    await resyncCalls(
      {
        ...{ database: database(), ...LAB, ...SOLE_TENURE },
        record: async (call) => (call === broken ? undefined : say(call)),
      },
      { epoch: 'first', calls: [broken, inbound] },
    );

    expect(await stored()).toMatchObject({ state: 'CONNECTED', version: 1 });
  });

  test('in a new epoch the same native id is another call', async () => {
    await say(inbound);
    const again = { ...inbound, epoch: 'second' };

    await resync('second', [again]);

    const [first, second] = [await stored(), await stored(again)];
    expect(first).toMatchObject({ state: 'ENDED', disposition: 'LOST' });
    expect(second).toMatchObject({ state: 'CONNECTED' });
    expect(first?.id).not.toBe(second?.id);
  });

  test("a lost end gives way to the switch's true one, once", async () => {
    await say(inbound);
    await resync('first', []);
    await set('user_data', null);

    const recorded = [
      await say(endOf(inbound)),
      await say(endOf(inbound, { disposition: 'BUSY' })),
    ];

    expect(recorded).toEqual(['CHANGED', 'DROPPED']);
    const call = await stored();
    expect(call).toMatchObject({
      ...{ disposition: 'ANSWERED', endedBy: 'CALLER', q850Cause: 16, userData: null },
      participants: [{ disposition: 'ANSWERED' }, { disposition: 'ANSWERED' }],
    });
    expect(Date.parse(call?.endedAt ?? '')).toBe(Date.parse(endOf(inbound).endedAt ?? ''));
  });

  test.each([
    ['ends', () => say(endOf(inbound))],
    ['is lost', () => resync('first', [])],
  ])('a call that was marked goes when it %s, and nothing brings it back', async (_name, end) => {
    await say(inbound);
    const id = (await stored())?.id;
    await mark();

    await end();
    const recorded = [await say(endOf(inbound)), await say(inbound)];

    expect(recorded).toEqual(['DROPPED', 'DROPPED']);
    expect(await stored()).toBeUndefined();
    expect(await kindsOf(id)).toEqual(['DELETED']);
  });

  test('a call that was marked and is then held for legal stays at its end', async () => {
    await say(inbound);
    await mark();
    await set('held_for_legal', true);

    await say(endOf(inbound));

    expect(await stored()).toMatchObject({ state: 'ENDED', heldForLegal: true });
  });
});
