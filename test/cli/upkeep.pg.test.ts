import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { issueToken } from '../../src/auth/tokens.ts';
import { startUpkeep } from '../../src/cli/upkeep.ts';
import { hashSecret } from '../../src/model/secret.ts';
import { freshDatabase } from '../support/database.ts';
import { layOrganization } from '../support/organization.ts';
import { LAB, record, switchCall } from '../support/switch-call.ts';

/** What a token is like: hours from now; null is never. */
const TOKENS = {
  'for ever': { expires: null, revoked: null, renewal: null },
  good: { expires: 1, revoked: null, renewal: null },
  'just expired': { expires: -23, revoked: null, renewal: null },
  'just revoked': { expires: null, revoked: -23, renewal: null },
  'expired, to be renewed': { expires: -25, revoked: null, renewal: 1 },
  expired: { expires: -25, revoked: null, renewal: null },
  revoked: { expires: null, revoked: -25, renewal: null },
  'revoked before its end': { expires: 1, revoked: -25, renewal: null },
  'expired with its renewal': { expires: -25, revoked: null, renewal: -1 },
};

test('tokens that have ended are gone a day later, unless they can be renewed still', async () => {
  await using database = await freshDatabase();
  const { id, principal, numbers } = await layOrganization(database);
  const { userId } = principal('olivia');
  for (const [name, { expires, revoked, renewal }] of Object.entries(TOKENS)) {
    await issueToken(database, { userId, organizationId: id, expiresAt: null, text: name });
    const [token] = await database.rows<{ id: string }>(sql`
      update tokens set expires_at = now() + ${expires}::int * interval '1 hour',
        revoked_at = now() + ${revoked}::int * interval '1 hour'
      where hash = ${hashSecret(name)} returning id`);
    if (renewal === null) continue;
    await database.rows(sql`insert into refresh_tokens (hash, organization_id, token_id, expires_at)
      values (${name}, ${id}::uuid, ${token?.id}::uuid, now() + ${renewal}::int * interval '1 hour')`);
  }
  // Of a call on a switch that nobody has it tells last.
  await record(database, switchCall(['0722000111', numbers.front]), { ...LAB, connector: 'gone' });
  const told = Promise.withResolvers<void>();
  const present = async () => {
    const rows = await database.rows<{ hash: string }>(sql`select hash from tokens`);
    const kept = new Set(rows.map(({ hash }) => hash));
    return Object.keys(TOKENS).filter((name) => kept.has(hashSecret(name)));
  };
  const before = await present();

  using _ = startUpkeep({
    ...{ database, retentionHours: 72, deliveryHours: 72, connectors: [] },
    log: { warn: () => told.resolve() },
    onError: told.reject,
  });

  await told.promise;
  expect(before).toHaveLength(9);
  expect(await present()).toEqual([
    ...['for ever', 'good', 'just expired', 'just revoked', 'expired, to be renewed'],
  ]);
  expect(await database.rows(sql`select hash from refresh_tokens`)).toEqual([
    { hash: 'expired, to be renewed' },
  ]);
});
