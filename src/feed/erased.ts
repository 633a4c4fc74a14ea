import type { Change } from './feed.ts';

/** Whether earlier entries of the call may have what the log has no more. */
export const erases = ({ kind, dtmf }: Pick<Change, 'kind' | 'dtmf'>) =>
  kind === 'DELETED' || kind === 'USER_DATA' || (kind === 'DTMF' && !dtmf);

/** What must be known of an entry. */
interface Written {
  readonly kind: Change['kind'];
  readonly hasDtmf: boolean;
  /** Of its user data. */
  keys(): ReadonlySet<string>;
}

/** What is left of an entry: nothing, all, or of its user data these keys only. */
export type Left = 'NOTHING' | 'ALL' | ReadonlySet<string>;

/**
 * Is shown a call's entries from the last to the first, and says what is left of each, as it is erased from the log: all
 * of a call that was deleted, what was pressed until a change that has none of it, and of user data the keys that a later
 * change no longer has.
 */
export function createEraser(): (entry: Written) => Left {
  let isDeleted = false;
  let withoutDtmf = false;
  let allowed: ReadonlySet<string> | undefined;
  return (entry) => {
    const { kind, hasDtmf } = entry;
    if (isDeleted || (hasDtmf && withoutDtmf)) return 'NOTHING';
    if (kind === 'DELETED') isDeleted = true;
    if (kind === 'DTMF' && !hasDtmf) withoutDtmf = true;
    const later = allowed;
    if (kind === 'USER_DATA') allowed = later?.intersection(entry.keys()) ?? entry.keys();
    return !later || entry.keys().isSubsetOf(later) ? 'ALL' : later;
  };
}
