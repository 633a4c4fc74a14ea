import { verify } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { hashSecret } from '../../src/model/secret.ts';
import { eraseSubject } from '../../src/operations/erase-subject.ts';
import { type ErasureScene, eachErasure } from './erasure-scene.ts';

let { database, lab, number, lay, begin, run, find } = {} as ErasureScene;

eachErasure((scene) => {
  ({ database, lab, number, lay, begin, run, find } = scene);
});

test('its certificate says who and how many, and holds against the audit log', async () => {
  await lay(number, 2);
  const id = await begin();
  await run(id);

  const { certificate } = await find(id);

  const text = certificate ?? '';
  const said = JSON.parse(text);
  expect(said).toMatchObject({
    erasure: id,
    organization: { id: lab.organization.id },
    requestedBy: { username: lab.organization.principal('olivia').username },
    calls: { erased: 2, userDataCleared: 0, held: 0 },
  });
  expect(text).not.toContain(number.slice(1));
  expect(await verify(said.numberHash, number.slice(1))).toBe(true);
  const entries = await database.rows(sql`
    select user_id as "userId", subjects from audit_entries where operation = 'certifyErasure' and ${id} = any(subjects)`);
  const { userId } = lab.organization.principal('olivia');
  expect(entries).toEqual([{ userId, subjects: [id, hashSecret(text)] }]);
});

test('with a key, the hash of its certificate says nothing to who has not got it', async () => {
  const erasureKey = 'a key of at least thirty-two characters';
  const context = { ...lab.as('olivia'), erasureKey };
  const { erasureId } = await eraseSubject(context, { number });
  await run(erasureId ?? '');

  const { certificate } = await find(erasureId ?? '');

  const { numberHash } = JSON.parse(certificate ?? '');
  const secret = Buffer.from(erasureKey);
  expect(await verify(numberHash, number.slice(1), { secret })).toBe(true);
  expect(await verify(numberHash, number.slice(1))).toBe(false);
});
