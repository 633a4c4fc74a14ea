import type { CallView } from '../model/call.ts';
import type { Change, ChangeMessage } from './feed.ts';
import { KeptCall } from './kept-call.ts';
import { encodePosition, type Position } from './position.ts';

/** All of a change but its call. */
export type ChangeHead = Omit<Change, 'call' | 'brief'>;

/** An entry of the log, where it stands, and the one message that all its readers get. */
export interface Entry {
  readonly at: Position;
  readonly head: ChangeHead;
  /** What the call of the message is read from; null for DELETED. */
  readonly kept: KeptCall | null;
  readonly message: ChangeMessage;
}

export const keptEntry = (at: Position, head: ChangeHead, kept: KeptCall | null): Entry => ({
  ...{ at, head, kept },
  message: { type: 'CHANGE', change: changeOf(head, kept), position: encodePosition(at) },
});

/** The same of a change whose call has been read already. */
export const entryOf = (
  at: Position,
  { call, ...head }: ChangeHead & { readonly call: CallView | null },
): Entry =>
  keptEntry(at, head, call && new KeptCall({ text: JSON.stringify(call), surroundings: '' }));

const changeOf = (head: ChangeHead, kept: KeptCall | null): Change => ({
  ...head,
  get call() {
    return kept?.call ?? null;
  },
  get brief() {
    return kept?.brief ?? null;
  },
});
