import { sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import type { HeardPress } from '../../src/connectors/heard-press.ts';
import type { Change } from '../../src/feed/feed.ts';
import { recordPresses } from '../../src/operations/record-presses.ts';
import { patchStoredData } from '../../src/operations/stored-user-data.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { endOf, LAB, record, switchCall } from '../support/switch-call.ts';

eachStore((database) => {
  let acme: TestOrganization;
  let call: SwitchCall;
  let legs: string[];

  beforeEach(async () => {
    acme = await layOrganization(database());
    call = switchCall(['0722000111', acme.numbers.front], { userData: { crm: '42' } });
    legs = call.parties.map(({ nativeId }) => nativeId);
  });

  const say = (word: SwitchCall) => record(database(), word);
  const key = (leg: number, digits: string): HeardPress => ({
    ...{ nativeId: legs[leg] ?? '', digits, at: '2026-01-02T03:04:06.789Z' },
    heardAt: performance.now(),
  });
  const press = (presses: readonly HeardPress[], isAgain = false, of = call) =>
    database().transaction((tx) => recordPresses(tx, LAB, { call: of, presses, isAgain }));
  const erase = () =>
    database().transaction(async (tx) => {
      const [row] = await tx.rows<{ id: string }>(
        sql`select id from calls where native_id = ${call.nativeId}`,
      );
      await patchStoredData(tx, row?.id ?? '', { patch: 'CLEAR', erases: 'ALL' });
    });
  const logged = () =>
    database().rows<Pick<Change, 'kind' | 'version' | 'dtmf' | 'call'>>(sql`
      select l.kind, l.version, l.dtmf, l.state as call from call_changes l join calls c on c.id = l.call_id
      where c.native_id = ${call.nativeId} order by l.xid, l.id`);
  const versionsOf = (entries: Awaited<ReturnType<typeof logged>>) =>
    entries.map(({ kind, version, dtmf }) => [kind, version, dtmf?.digits ?? null]);

  test('what is pressed is in the log, between the changes of its call, with versions of its own', async () => {
    await say(call);

    const recorded = await press([key(0, '12'), key(1, '#')]);

    await say({ ...call, state: 'HELD' });
    const entries = await logged();
    expect(recorded).toBe('CHANGED');
    expect(versionsOf(entries)).toEqual([
      ['STATE', 1, null],
      ['DTMF', 2, '12'],
      ['DTMF', 3, '#'],
      ['STATE', 4, null],
    ]);
    expect(entries[2]).toMatchObject({
      dtmf: { digits: '#', sequence: '01', pressedAt: '2026-01-02T03:04:06.789Z' },
      call: { state: 'CONNECTED', version: 3, userData: { crm: '42' } },
    });
  });

  test('a call that is not known yet is written first', async () => {
    const recorded = await press([key(0, '1')]);

    expect(recorded).toBe('CHANGED');
    expect(versionsOf(await logged())).toEqual([
      ['STATE', 1, null],
      ['DTMF', 2, '1'],
    ]);
  });

  test('what is pressed says nothing about the state of a call that is known', async () => {
    await say({ ...call, state: 'HELD' });

    await press([key(0, '1')]);

    expect((await logged()).map((entry) => entry.call?.state)).toEqual(['HELD', 'HELD']);
  });

  test.each([true, false])('what may have been written is written once', async (wasWritten) => {
    await say(call);
    if (wasWritten) await press([key(0, '1'), key(1, '1')]);

    await press([key(0, '1'), key(1, '1')], true);

    const expected = [
      ['STATE', 1, null],
      ['DTMF', 2, '1'],
      ['DTMF', 3, '1'],
    ];
    expect(versionsOf(await logged())).toEqual(expected);
  });

  test('a phone that has joined since is written first, and no user data that has gone since', async () => {
    await say({ ...call, parties: call.parties.slice(1), userData: {} });

    const recorded = await press([key(0, '1')], true);

    const entries = await logged();
    expect(recorded).toBe('CHANGED');
    expect(versionsOf(entries)).toEqual([
      ['STATE', 1, null],
      ['PARTICIPANTS', 2, null],
      ['DTMF', 3, '1'],
    ]);
    expect(entries[2]).toMatchObject({ dtmf: { sequence: '01' }, call: { userData: {} } });
  });

  test('what was heard before an erasure is not written after it, and what is heard then is', async () => {
    await say(call);
    const before = [key(0, '1'), key(1, '2')];
    await erase();
    const after = { ...key(0, '3'), heardAt: performance.now() + 60_000 };

    const recorded = [await press(before), await press([...before, after], true)];

    expect(recorded).toEqual(['UNCHANGED', 'CHANGED']);
    expect(versionsOf(await logged())).toEqual([
      ['STATE', 1, null],
      ['USER_DATA', 2, null],
      ['DTMF', 3, '3'],
    ]);
  });

  test('both erasures are told, each by a version and a snapshot of its own', async () => {
    await say(call);
    await press([key(0, '12')]);

    await erase();

    const entries = await logged();
    expect(versionsOf(entries)).toEqual([
      ['STATE', 1, null],
      ['USER_DATA', 3, null],
      ['DTMF', 4, null],
    ]);
    expect(entries.map(({ call }) => [call?.version, call?.userData])).toEqual([
      [1, null],
      [3, null],
      [4, null],
    ]);
  });

  test('erasures are told to those to whom the call was told', async () => {
    await say(call);
    await press([key(0, '12')]);

    await erase();

    const audiences = await database().rows<{ extensions: string[]; owners: string[] }>(sql`
      select distinct l.extension_ids as extensions, l.owner_ids as owners
      from call_changes l join calls c on c.id = l.call_id where c.native_id = ${call.nativeId}`);
    const front = acme.extensionIds.get(acme.numbers.front);
    expect(audiences).toEqual([{ extensions: [front], owners: [acme.principal('alice').userId] }]);
  });

  test('where only something was pressed, its erasure alone is told', async () => {
    await say({ ...call, userData: {} });
    await press([key(0, '12')]);

    await erase();

    const entries = await logged();
    expect(versionsOf(entries)).toEqual([
      ['STATE', 1, null],
      ['DTMF', 3, null],
    ]);
    expect(entries[1]?.call).toMatchObject({ version: 3, state: 'CONNECTED' });
  });

  test('on a phone that is not in the call nothing is pressed', async () => {
    await say(call);

    const recorded = await press([{ ...key(0, '1'), nativeId: 'nobody' }]);

    expect(recorded).toBe('UNCHANGED');
    expect(await logged()).toHaveLength(1);
  });

  test('after its end nothing is pressed in a call', async () => {
    await say(call);
    await say(endOf(call));

    const recorded = await press([key(0, '1')]);

    expect(recorded).toBe('DROPPED');
    expect((await logged()).map(({ kind }) => kind)).not.toContain('DTMF');
  });

  test('in a call of nobody nothing is pressed', async () => {
    const foreign = switchCall(['0722000111', '0722000222']);

    const recorded = await press([key(0, '1')], false, foreign);

    expect(recorded).toBe('UNROUTED');
  });
});
