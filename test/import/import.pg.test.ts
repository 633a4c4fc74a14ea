import { verify } from '@node-rs/argon2';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ImportRefused } from '../../src/import/faults.ts';
import { type ImportProgress, importFile } from '../../src/import/import.ts';
import { hashSecret } from '../../src/model/secret.ts';
import { WHOLE_CALL } from '../../src/model/shape.ts';
import { EVERYTHING } from '../../src/model/visibility.ts';
import { readCallsNamed } from '../../src/store/queries/read.ts';
import { apps, organizations, users } from '../../src/store/tables/accounts.ts';
import { calls, participants } from '../../src/store/tables/calls.ts';
import { extensions, phoneCallEvents } from '../../src/store/tables/extensions.ts';
import { callChanges } from '../../src/store/tables/feed.ts';
import { eachStore } from '../support/database.ts';
import { APP, CALL, EVENT, EXTENSION, linesFrom, ORGANIZATION, USER } from './records.ts';

const ACCOUNTS = [ORGANIZATION, USER, EXTENSION];
const ALL = [...ACCOUNTS, APP, CALL, EVENT];
const TABLES = [organizations, users, apps, extensions, calls, participants, phoneCallEvents];

eachStore((database) => {
  const run = (...lines: readonly unknown[]) =>
    importFile({ database: database(), lines: linesFrom(lines) });
  const rowsOf = async () => {
    const counts = TABLES.map((table) => database().drizzle.$count(table));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  const only = async <Row>(rows: PromiseLike<readonly Row[]>) => {
    const [row, ...more] = await rows;
    if (!row || more.length > 0) throw new Error('There is not exactly one row.');
    return row;
  };
  /** The faults for which lines are refused. */
  const faultsOf = async (...lines: readonly unknown[]) => {
    const refused = await run(...lines).catch((error: unknown) => error);
    if (!(refused instanceof ImportRefused)) throw new Error('Not refused.', { cause: refused });
    return refused.faults.map(({ line, message }) => `${line}: ${message}`);
  };

  beforeEach(async () => {
    await database().rows(sql`truncate organizations cascade`);
    await database().rows(sql`truncate call_identifiers, participants`);
  });

  test('a call comes back as the file has it, in the times of UTC', async () => {
    await run(...ALL);

    const [call] = await readCallsNamed(
      database(),
      { scheme: 'NATIVE', value: 'TRS26140192' },
      WHOLE_CALL,
      EVERYTHING,
    );
    const extension = expect.objectContaining({ number: '0003*210', shortNumber: '210' });
    expect(call).toMatchObject({
      ...{ state: 'ENDED', direction: 'INBOUND', callType: 'INBOUND', ani: '+40722000111' },
      ...{ dnis: '0003*210', offeredAt: '2026-01-02T01:04:05.678+00:00' },
      ...{ answeredAt: '2026-01-02T01:04:09+00:00', endedAt: '2026-01-02T01:05:00+00:00' },
      ...{ disposition: 'ANSWERED', q850Cause: 16, endedBy: 'CALLER', recordingState: 'STOPPED' },
      ...{ userData: CALL.userData, version: 1, connector: null, epoch: null, nativeId: null },
      identifiers: CALL.identifiers.toReversed(),
      participants: [
        { sequence: '00', role: 'CALLER', number: '+40722000111', name: 'Ana', extension: null },
        { sequence: '01', role: 'CALLEE', state: 'ENDED', extension },
        { sequence: '02', role: 'OTHER', number: '0003*210', extension: null },
      ],
    });
  });

  test('accounts and rules come back as the file has them, with their secrets hashed', async () => {
    await run(...ALL);

    const { drizzle } = database();
    const user = await only(drizzle.select().from(users));
    const app = await only(drizzle.select().from(apps));
    const extension = await only(drizzle.select().from(extensions));
    const rule = await only(drizzle.select().from(phoneCallEvents));
    expect(user).toMatchObject({ number: '12', username: 'alice', accountType: 'USER' });
    expect(await verify(user.passwordHash ?? '', 'secret')).toBe(true);
    expect(app).toMatchObject({
      ...{ userId: user.id, name: 'crm', clientId: 'crm-client', requiresToken: false },
      ...{ clientSecretHash: hashSecret('sesame'), networks: APP.networks },
      apiKeyHash: hashSecret(APP.apiKey.toLowerCase()),
    });
    expect(extension).toMatchObject({ kind: 'TERMINAL', label: 'Front desk', ownerId: user.id });
    expect(rule).toMatchObject({
      ...{ extensionId: extension.id, id: EVENT.id, type: 0, method: 'POST', url: EVENT.url },
      ...{ status: 'ENABLED', note: '' },
    });
  });

  test('history is no news: the log gets nothing', async () => {
    await run(...ALL);

    expect(await database().drizzle.$count(callChanges)).toBe(0);
  });

  test('lines may name what only later ones have', async () => {
    const { records } = await run(...ALL.toReversed());

    expect(records).toEqual({
      ...{ organization: 1, user: 1, app: 1, extension: 1, call: 1, phoneCallEvent: 1 },
    });
  });

  test('a later line may be batches away', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => ({
      ...{ ...CALL, identifiers: [{ scheme: 'NATIVE', value: `${n}` }] },
    }));

    await run(...many, EVENT, ...ACCOUNTS.toReversed());

    const leg = eq(participants.sequence, '01');
    expect(await database().drizzle.$count(participants, leg)).toBe(2500);
    expect(await database().drizzle.$count(phoneCallEvents)).toBe(1);
  });

  test('a later import finds what is there by its keys', async () => {
    await run(...ACCOUNTS);

    await run(ORGANIZATION, CALL, EVENT, APP);

    expect(await database().drizzle.$count(organizations)).toBe(1);
    expect(await database().drizzle.$count(calls)).toBe(1);
  });

  test('progress counts lines and records', async () => {
    const seen: ImportProgress[] = [];

    const result = await importFile({
      ...{ database: database(), lines: linesFrom(['', ...ALL]) },
      onProgress: (progress) => seen.push(progress),
    });

    expect(seen.at(-1)).toEqual(result);
    expect(result.lines).toBe(7);
  });

  test('a byte order mark, line ends of Windows and empty lines do no harm', async () => {
    const [first, ...others] = ALL.map((record) => JSON.stringify(record));

    const { lines } = await run(`\uFEFF${first}\r`, '', '  \r', ...others, '');

    expect(lines).toBe(9);
    expect(await rowsOf()).toBe(9);
  });

  describe('a faulty line is named, and nothing is written', () => {
    const at6 = (line: unknown) => [...ALL.slice(0, 5), line];
    test.for<[what: string, line: unknown, fault: string | RegExp]>([
      ['no JSON', '{"type":', 'is not JSON'],
      ['no object', '[1]', 'is not a JSON object'],
      ['deep nesting', `{"type":${'['.repeat(40)}${']'.repeat(40)}}`, /nested deeper/],
      ['a NUL', { ...EVENT, note: 'a\0b' }, 'has a NUL character'],
      ['half a character', '{"type":"\\ud800"}', 'has half of a surrogate pair'],
      ['a huge number', '{"type":1e999}', 'has a number out of range'],
      ['an unknown type', { type: 'fax' }, /^type: /],
      ['an unknown key', { ...EVENT, colour: 'red' }, 'Unrecognized key: "colour"'],
      ['a missing key', { ...EVENT, url: undefined }, /^url: /],
      ['a wrong enum', { ...CALL, state: 'GONE' }, /^state: .*"ENDED"/],
      ['a nested fault', { ...CALL, participants: [{ role: 'X' }] }, /^participants\[0\]\.role: /],
      ['a time without offset', { ...CALL, offeredAt: '2026-01-02T03:04:05' }, /^offeredAt: /],
      ['a time out of range', { ...CALL, offeredAt: '0000-01-02T03:04:05Z' }, /out of range/],
      ['an end that is missing', { ...CALL, endedAt: undefined }, /ENDED has endedAt/],
      ['an end of a live call', { ...CALL, state: 'HELD' }, /endedAt is ENDED/],
      [
        'a leg that outlives',
        { ...CALL, participants: [{ role: 'OTHER', state: 'HELD' }] },
        /ENDED/,
      ],
      ['user data in a list', { ...CALL, userData: [] }, /^userData: .*object/],
      ['an impossible cause', { ...CALL, q850Cause: 128 }, /^q850Cause: /],
      ['an impossible event type', { ...EVENT, eventType: 5 }, /^eventType: /],
      ['a URL of another kind', { ...EVENT, url: 'file:///etc/passwd' }, /^url: /],
      ['a bad network', { ...APP, networks: ['10.0.0.0/33'] }, /^networks\[0\]: /],
      ['an api key that is no GUID', { ...APP, apiKey: 'key' }, /^apiKey: /],
      ['an app without keys', { ...APP, clientId: undefined, apiKey: undefined }, /go together/],
      ['a bad number', { ...EXTENSION, number: '21x' }, /^number: .*digits and stars/],
      ['a text too long to be indexed', { ...USER, username: 'x'.repeat(256) }, /^username: /],
      ['an unknown organization', { ...CALL, organization: 'x' }, 'there is no organization "x"'],
      ['an unknown owner', { ...EXTENSION, owner: 'eve' }, /has no user "eve"/],
      ['an unknown user', { ...APP, user: 'eve' }, /has no user "eve"/],
      ['an unknown extension', { ...EVENT, extension: '1' }, /has no extension "1"/],
      ['a taken username', { ...USER, number: '13' }, /"alice" .* is taken/],
      ['a taken user number', { ...USER, username: 'al' }, /"12" is taken/],
      ['a taken api key', { ...APP, name: 'b', clientId: 'c' }, /apiKey is taken/],
      ['a taken extension', EXTENSION, 'the extension "0003*210" is there already'],
      [
        'a taken identifier',
        CALL,
        'the identifier NATIVE "TRS26140192" is another call\'s already',
      ],
    ])('%s', async ([, line, fault]) => {
      const faults = await faultsOf(...at6(line));

      const expected = typeof fault === 'string' ? fault : expect.stringMatching(fault);
      expect(faults.map((text) => text.replace(/^6: /, ''))).toContainEqual(expected);
      expect(faults.every((text) => text.startsWith('6: '))).toBe(true);
      expect(await rowsOf()).toBe(0);
    });

    test('a rule of an extension that can have none', async () => {
      const voicemail = { ...EXTENSION, number: '9', kind: 'VOICEMAIL' };

      const faults = await faultsOf(...ACCOUNTS, voicemail, { ...EVENT, extension: '9' });

      expect(faults).toEqual(['5: an extension of kind VOICEMAIL has no events']);
    });

    test('a rule that is there already', async () => {
      await run(...ALL);

      expect(await faultsOf(EVENT)).toEqual([
        `1: the phone call event "${EVENT.id}" is there already`,
      ]);
    });

    test("another organization's extension", async () => {
      const globex = { ...ORGANIZATION, id: 'globex' };

      const faults = await faultsOf(...ALL, globex, {
        ...CALL,
        organization: 'globex',
        identifiers: [],
      });

      expect(faults).toEqual(['8: the organization "globex" has no extension "0003*210"']);
    });
  });

  test('all faults are named in the order of their lines, and those beyond a hundred counted', async () => {
    const lines = [CALL, ...Array.from({ length: 120 }, () => 'x'), ORGANIZATION];

    const refused = run(...lines);

    await expect(refused).rejects.toMatchObject({ more: 21, faults: expect.any(Array) });
    const error = await refused.catch((thrown: ImportRefused) => thrown);
    expect(String(error)).toContain('line 2: is not JSON\n');
    expect(String(error)).toContain('and 21 more');
  });

  test('no fault quotes a secret', async () => {
    const secret = 'hunter2';

    const faults = await faultsOf(
      `{"type":"user","password":"${secret}`,
      { ...USER, organization: 'nobody', password: secret },
      { ...APP, apiKey: secret, clientSecret: [secret] },
    );

    expect(faults.length).toBeGreaterThan(2);
    expect(faults.join()).not.toContain(secret);
  });

  test('whatever text a file has comes back as it is', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((t) => !t.includes('\0'));
    const drawn = fc.record({
      name: text,
      userData: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
      offered: fc.date({ min: new Date('1900'), max: new Date('9999'), noInvalidDate: true }),
    });
    await run(...ACCOUNTS);

    await fc.assert(
      fc.asyncProperty(drawn, async ({ name, userData, offered }) => {
        await database().drizzle.delete(calls);
        const participants = [{ role: 'CALLER', name }];

        await run({ ...CALL, offeredAt: offered.toISOString(), userData, participants });

        const call = await only(
          readCallsNamed(
            database(),
            { scheme: 'NATIVE', value: 'TRS26140192' },
            WHOLE_CALL,
            EVERYTHING,
          ),
        );
        expect(call.userData).toEqual(Object.keys(userData).length > 0 ? userData : null);
        expect(call.participants?.[0]?.name).toBe(name);
        expect(new Date(call.offeredAt)).toEqual(offered);
      }),
      { numRuns: 50 },
    );
  });
});
