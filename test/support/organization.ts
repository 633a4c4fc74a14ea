import { v7 as uuid } from 'uuid';
import type { Principal } from '../../src/auth/principal.ts';
import { type AccountType, SCOPES } from '../../src/model/account.ts';
import { type ExtensionKind, shortNumberOf } from '../../src/model/extension.ts';
import type { Database } from '../../src/store/database.ts';
import { organizations, users } from '../../src/store/tables/accounts.ts';
import { extensions } from '../../src/store/tables/extensions.ts';

type Name = 'alice' | 'olivia' | 'admin';

/** An organization of a test's own; its numbers are nobody else's. */
export interface TestOrganization {
  readonly id: string;
  /** Alice's, in full; her second one; Olivia's; Alice's mailbox. */
  readonly numbers: { front: string; desk: string; boss: string; mailbox: string };
  /** Ids of the extensions by their numbers. */
  readonly extensionIds: ReadonlyMap<string, string>;
  principal(name: Name): Principal;
}

const ACCOUNTS: Record<Name, AccountType> = {
  alice: 'USER',
  olivia: 'ORGANIZATION',
  admin: 'ADMINISTRATOR',
};

let count = 0;

/** Lays it: alice owns two phones and a mailbox, olivia one phone and the whole organization. */
export async function layOrganization({ drizzle }: Database): Promise<TestOrganization> {
  const organizationId = uuid();
  count += 1;
  const prefix = String(count).padStart(4, '0');
  const ids = { alice: uuid(), olivia: uuid(), admin: uuid() };
  const numbers = {
    front: `${prefix}*210`,
    desk: `${prefix}*215`,
    boss: `${prefix}*220`,
    mailbox: `${prefix}*290`,
  };
  const names = Object.keys(ACCOUNTS) as Name[];
  const line = (number: string, ownerId: string, kind: ExtensionKind = 'TERMINAL') => ({
    ...{ id: uuid(), organizationId, number, shortNumber: shortNumberOf(number), kind, ownerId },
  });
  const lines = [
    line(numbers.front, ids.alice),
    line(numbers.desk, ids.alice),
    line(numbers.boss, ids.olivia),
    line(numbers.mailbox, ids.alice, 'VOICEMAIL'),
  ];
  await drizzle.insert(organizations).values({ id: organizationId, key: prefix, name: prefix });
  await drizzle.insert(users).values(
    names.map((name, index) => ({
      ...{ id: ids[name], organizationId, number: `${count}${index}`, username: name + prefix },
      accountType: ACCOUNTS[name],
    })),
  );
  await drizzle.insert(extensions).values(lines);
  return {
    id: organizationId,
    numbers,
    extensionIds: new Map(lines.map(({ number, id }) => [number, id])),
    principal: (name) => ({
      ...{ userId: ids[name], userNumber: `${count}${names.indexOf(name)}`, displayName: null },
      ...{ username: name + prefix, accountType: ACCOUNTS[name], organizationId },
      ...{ organizationName: prefix, appId: null, tokenId: null, scopes: SCOPES, expiresAt: null },
    }),
  };
}
