import type { CallView, ChangeKind, DtmfView } from '../model/call.ts';
import type { Change, ChangeMessage } from './feed.ts';
import { KeptCall } from './kept-call.ts';
import { encodePosition, type Position } from './position.ts';

/** All of a change but its call. */
export type ChangeHead = Omit<Change, 'call' | 'brief'>;

/** A change whose call is read when it is asked for; of a class, since thousands are made a second. */
class LoggedChange implements Change {
  readonly organizationId: string;
  readonly callId: string;
  readonly version: number;
  readonly kind: ChangeKind;
  readonly occurredAt: string;
  readonly dtmf: DtmfView | null;
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

  get call(): CallView | null {
    return this.#kept?.call ?? null;
  }

  get brief(): CallView | null {
    return this.#kept?.brief ?? null;
  }
}

/** An entry of the log, where it stands, and the one message that all its readers get. */
export interface Entry {
  readonly at: Position;
  /** What the call of the message is read from; null for DELETED. */
  readonly kept: KeptCall | null;
  readonly message: ChangeMessage;
}

export const keptEntry = (at: Position, head: ChangeHead, kept: KeptCall | null): Entry => ({
  at,
  kept,
  message: { type: 'CHANGE', change: new LoggedChange(head, kept), position: encodePosition(at) },
});

/** The same of a change whose call has been read already. */
export const entryOf = (
  at: Position,
  { call, ...head }: ChangeHead & { readonly call: CallView | null },
): Entry =>
  keptEntry(at, head, call && new KeptCall({ text: JSON.stringify(call), surroundings: '' }));
