import type { Change, ChangeMessage } from './feed.ts';
import { KeptCall } from './kept-call.ts';
import { encodePosition, type Position } from './position.ts';

/** An entry, where it stands, and the one message that all its readers get. */
export interface Entry {
  readonly at: Position;
  /** What `message.change.call` is read from; null for DELETED. */
  readonly kept: KeptCall | null;
  readonly message: ChangeMessage;
}

/** All of a change but its call. */
export type ChangeHead = Omit<Change, 'call'>;

export const keptEntry = (at: Position, head: ChangeHead, kept: KeptCall | null): Entry => ({
  ...{ at, kept },
  message: { type: 'CHANGE', change: new KeptChange(head, kept), position: encodePosition(at) },
});

/** The same of a change whose call has been read already. */
export const entryOf = (at: Position, { call, ...head }: Change): Entry =>
  keptEntry(at, head, call && new KeptCall(JSON.stringify(call)));

/**
 * A change whose call is read when it is asked for. A class: V8 keeps an object's own getter, and all that it sees, until
 * the old generation is collected.
 */
class KeptChange implements Change {
  readonly organizationId: string;
  readonly callId: string;
  readonly version: number;
  readonly kind: Change['kind'];
  readonly occurredAt: string;
  readonly dtmf: Change['dtmf'];
  readonly extensionIds: readonly string[];
  readonly ownerIds: readonly string[];
  readonly #kept: KeptCall | null;

  constructor(head: ChangeHead, kept: KeptCall | null) {
    this.organizationId = head.organizationId;
    this.callId = head.callId;
    this.version = head.version;
    this.kind = head.kind;
    this.occurredAt = head.occurredAt;
    this.dtmf = head.dtmf;
    this.extensionIds = head.extensionIds;
    this.ownerIds = head.ownerIds;
    this.#kept = kept;
  }

  get call() {
    return this.#kept?.call ?? null;
  }

  /** With its call. */
  toJSON(): Change {
    return { ...this, call: this.call };
  }
}

/** JSON of one line has no line breaks. */
const BREAK = '\n';

/** All of an entry but its position, as the pieces of a text: put together, they would be copied once more. */
export const packed = ({ kept, message }: Entry): readonly string[] => [
  JSON.stringify({ ...message.change }),
  BREAK,
  kept?.text ?? '',
];

/** The entry again. */
export function unpacked(at: Position, text: string): Entry {
  const end = text.indexOf(BREAK);
  const call = text.slice(end + 1);
  return keptEntry(at, JSON.parse(text.slice(0, end)), call ? new KeptCall(call) : null);
}

/** The entry with no other keys of user data than these. */
export function withKeys({ at, kept, message }: Entry, keys: ReadonlySet<string>): Entry {
  if (!kept) return { at, kept, message };
  const { call } = kept;
  const stays = Object.entries(call.userData ?? {}).filter(([key]) => keys.has(key));
  const userData = stays.length > 0 ? Object.fromEntries(stays) : null;
  return entryOf(at, { ...message.change, call: { ...call, userData } });
}
