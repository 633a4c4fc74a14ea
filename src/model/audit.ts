import { createHash } from 'node:crypto';

/** One entry of the audit log as readers see it. Times are ISO 8601. */
export interface AuditEntryView {
  readonly id: string;
  readonly occurredAt: string;
  readonly organizationId: string;
  /** Null when Tandem itself did what somebody had asked for before. */
  readonly userId: string | null;
  readonly appId: string | null;
  readonly dialect: string;
  readonly operation: string;
  /** Ids of what it was done to, never content. */
  readonly subjects: readonly string[];
  /** `OK`; `REPEATED` for who got the first answer again; or the code of the refusal. */
  readonly result: string;
  readonly requestId: string;
  /** The place in the organization's chain, from 1 on. */
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** Where an organization's chain ends. */
export interface AuditHead {
  readonly organizationId: string;
  readonly sequence: number;
  readonly hash: string;
}

/** What the first entry of a chain has in the place of the hash of the one before. */
export const NO_HASH = '0'.repeat(64);

/**
 * The hash that an entry must have, by what it says. Every field has its length before it, so that no two entries
 * have the same text; the database's function `audit_hash` says the same.
 */
export function hashOfEntry(entry: Omit<AuditEntryView, 'hash'>): string {
  const fields = [
    ...[entry.id, entry.organizationId, String(entry.sequence), entry.previousHash],
    ...[entry.occurredAt, entry.userId, entry.appId, entry.dialect],
    ...[entry.operation, entry.result, entry.requestId, ...entry.subjects],
  ];
  return createHash('sha256').update(fields.map(textOf).join(',')).digest('hex');
}

/** Who edits the log may put in what no entry has, such as lists of lists: that has a text, too, and another hash. */
function textOf(field: unknown): string {
  if (field === null) return '-';
  return typeof field === 'string' ? `${Buffer.byteLength(field)}:${field}` : JSON.stringify(field);
}

/** What can be wrong at a place of a chain. */
export type AuditFaultKind =
  /** The entry does not say what it said when it was written. */
  | 'CHANGED'
  /** The entry does not follow the one before it. */
  | 'UNLINKED'
  /** An entry is not there. */
  | 'MISSING'
  /** There is another entry than was known to be there. */
  | 'REPLACED'
  /** The chain has no end that is written down beside it. */
  | 'NO_HEAD';

export interface AuditFault {
  readonly kind: AuditFaultKind;
  readonly sequence: number;
}

type Place = Pick<AuditHead, 'sequence' | 'hash'>;

/** Looks at a chain, entry after entry in the order of their places, and tells what is wrong. */
export interface ChainCheck {
  entry(entry: AuditEntryView): void;
  /** @param head where the chain ends, now that all entries were read. */
  end(head: Place | undefined): void;
}

/** @param known places whose hashes are known from elsewhere: the head, and anchors that somebody kept. */
export function createChainCheck(
  known: readonly Place[],
  tell: (fault: AuditFault) => void,
): ChainCheck {
  let last: Place = { sequence: 0, hash: NO_HASH };
  return {
    entry(entry) {
      const { sequence, hash, previousHash } = entry;
      if (sequence > last.sequence + 1) tell({ kind: 'MISSING', sequence: last.sequence + 1 });
      else if (previousHash !== last.hash) tell({ kind: 'UNLINKED', sequence });
      if (hash !== hashOfEntry(entry)) tell({ kind: 'CHANGED', sequence });
      const isOther = (place: Place) => place.sequence === sequence && place.hash !== hash;
      if (known.some(isOther)) tell({ kind: 'REPLACED', sequence });
      last = { sequence, hash };
    },
    end(head) {
      if (!head) tell({ kind: 'NO_HEAD', sequence: last.sequence });
      else if (head.sequence < last.sequence) {
        tell({ kind: 'UNLINKED', sequence: head.sequence + 1 });
      }
      if (known.some(({ sequence }) => sequence > last.sequence)) {
        tell({ kind: 'MISSING', sequence: last.sequence + 1 });
      }
    },
  };
}
