import { type SQL, sql } from 'drizzle-orm';
import type { ExtensionKind } from '../model/extension.ts';
import type { Executor } from '../store/database.ts';
import type { ImportRecord } from './record.ts';

/** Something that a record names and that must be there before it. */
export interface Reference {
  readonly kind: 'organization' | 'user' | 'extension';
  /** The key of the organization. */
  readonly organization: string;
  /** What it is called in the organization; empty for the organization itself. */
  readonly name: string;
}

/** What references lead to. */
export interface Found {
  has(reference: Reference): boolean;
  /** The id that a reference leads to. */
  idOf(reference: Reference): string;
  /** The kind of extension that a reference leads to. */
  kindOf(reference: Reference): ExtensionKind | null;
}

/** The reference to an organization by its key. */
export const organizationOf = (organization: string): Reference => ({
  ...{ kind: 'organization', organization, name: '' },
});

/** The reference to a user by its name. */
export const userOf = (organization: string, name: string): Reference => ({
  ...{ kind: 'user', organization, name },
});

/** The reference to an extension by its number in full. */
export const extensionOf = (organization: string, name: string): Reference => ({
  ...{ kind: 'extension', organization, name },
});

/** Everything that a record names. */
export function referencesOf(record: ImportRecord): Reference[] {
  if (record.type === 'organization') return [];
  const { organization } = record;
  const own = organizationOf(organization);
  switch (record.type) {
    case 'user':
      return [own];
    case 'app':
      return [own, userOf(organization, record.user)];
    case 'extension':
      return record.owner ? [own, userOf(organization, record.owner)] : [own];
    case 'phoneCallEvent':
      return [own, extensionOf(organization, record.extension)];
    case 'call': {
      const named = record.participants.flatMap(({ extension }) => extension ?? []);
      return [own, ...named.map((number) => extensionOf(organization, number))];
    }
  }
}

/** What a reference is called in a fault. */
export const describe = ({ kind, organization, name }: Reference) =>
  kind === 'organization'
    ? `there is no organization "${organization}"`
    : `the organization "${organization}" has no ${kind} "${name}"`;

interface Row {
  readonly organization: string;
  readonly name: string;
  readonly id: string;
  readonly extensionKind?: ExtensionKind;
}

const keyOf = ({ kind, organization, name }: Reference) => `${kind}\0${organization}\0${name}`;

/** Looks up references, by at most one statement a kind. */
export async function findReferences(
  tx: Executor,
  references: readonly Reference[],
): Promise<Found> {
  const found = new Map<string, Row>();
  const wanted = Map.groupBy(references, ({ kind }) => kind);
  for (const [kind, some] of wanted) {
    const organizations = distinct(some.map(({ organization }) => organization));
    const names = distinct(some.map(({ name }) => name));
    const rows = await tx.rows<Row>(STATEMENTS[kind](organizations, names));
    for (const row of rows) found.set(keyOf({ kind, ...row }), row);
  }
  return {
    has: (reference) => found.has(keyOf(reference)),
    idOf(reference) {
      const row = found.get(keyOf(reference));
      if (!row) throw new Error(`Nobody looked whether ${describe(reference)}.`);
      return row.id;
    },
    kindOf: (reference) => found.get(keyOf(reference))?.extensionKind ?? null,
  };
}

const distinct = (texts: readonly string[]) => sql`${sql.param([...new Set(texts)])}::text[]`;

const STATEMENTS = {
  organization: (organizations: SQL) => sql`
    select key as organization, '' as name, id from organizations
    where key = any(${organizations})`,
  user: (organizations: SQL, names: SQL) => sql`
    select o.key as organization, u.username as name, u.id
    from users u join organizations o on o.id = u.organization_id
    where u.username = any(${names}) and o.key = any(${organizations})`,
  extension: (organizations: SQL, names: SQL) => sql`
    select o.key as organization, x.number as name, x.id, x.kind as "extensionKind"
    from extensions x join organizations o on o.id = x.organization_id
    where x.number = any(${names}) and o.key = any(${organizations})`,
};
