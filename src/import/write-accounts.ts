import { v7 as uuid } from 'uuid';
import { hashPassword } from '../auth/passwords.ts';
import { hashApiKey, hashSecret } from '../model/secret.ts';
import { apps, organizations, users } from '../store/tables/accounts.ts';
import { tellCollisions, type Write } from './entry.ts';
import { insertRows } from './insert-rows.ts';
import { organizationOf, userOf } from './references.ts';

/** Writes the organizations that are not there yet: a later import finds them again by their keys. */
export const writeOrganizations: Write<'organization'> = async ({ tx }, entries) => {
  const rows = entries.map(({ record }) => ({ id: uuid(), key: record.id, name: record.name }));
  await insertRows(tx, organizations, rows);
};

/** Writes users, with their passwords hashed. */
export const writeUsers: Write<'user'> = async ({ tx, found, fault }, entries) => {
  const rows = await Promise.all(
    entries.map(async ({ record }) => ({
      id: uuid(),
      organizationId: found.idOf(organizationOf(record.organization)),
      number: record.number,
      username: record.username,
      passwordHash: record.password === undefined ? null : await hashPassword(record.password),
      displayName: record.displayName ?? null,
      accountType: record.accountType,
    })),
  );
  const inserted = await insertRows(tx, users, rows, ['id']);
  tellCollisions(entries, rows, inserted, 'id', ({ line, record }) => {
    fault(line, `the username "${record.username}" or the number "${record.number}" is taken`);
  });
};

/** Writes apps, with their secrets and api keys hashed. */
export const writeApps: Write<'app'> = async ({ tx, found, fault }, entries) => {
  const rows = entries.map(({ record }) => ({
    id: uuid(),
    organizationId: found.idOf(organizationOf(record.organization)),
    userId: found.idOf(userOf(record.organization, record.user)),
    name: record.name,
    clientId: record.clientId ?? null,
    clientSecretHash: record.clientSecret === undefined ? null : hashSecret(record.clientSecret),
    redirectUris: record.redirectUris ?? null,
    apiKeyHash: record.apiKey === undefined ? null : hashApiKey(record.apiKey),
    requiresToken: record.requiresToken,
    networks: record.networks ?? null,
  }));
  const inserted = await insertRows(tx, apps, rows, ['id']);
  tellCollisions(entries, rows, inserted, 'id', ({ line, record }) => {
    fault(line, `the name "${record.name}", the clientId or the apiKey is taken`);
  });
};
