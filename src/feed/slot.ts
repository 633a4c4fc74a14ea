import { type Entry, packed, unpacked, withKeys } from './entry.ts';
import type { Change } from './feed.ts';
import type { Position } from './position.ts';
import { createTexts, type KeptText } from './texts.ts';

/** What is kept of an entry. */
export interface Slot {
  readonly at: Position;
  readonly kind: Change['kind'];
  readonly hasDtmf: boolean;
  /** Null when nothing is left. */
  text: KeptText | null;
  /** That were ever written for it: what stays pins the memory around it. */
  bytes: number;
  /** Of its user data, once somebody has asked. */
  keys: ReadonlySet<string> | null;
}

/** The entries themselves, as texts. */
export function createContents() {
  const texts = createTexts();
  let bytes = 0;

  const read = ({ at, text }: Slot) => text && unpacked(at, texts.read(text));

  function write(slot: Slot, entry: Entry) {
    const text = texts.keep(packed(entry));
    slot.text = text;
    slot.bytes += text.end - text.start;
    bytes += text.end - text.start;
  }

  function keysOf(slot: Slot): ReadonlySet<string> {
    slot.keys ??= new Set(read(slot)?.kept?.keys);
    return slot.keys;
  }

  return {
    /** Of all, with what was erased of them. */
    bytes: () => bytes,
    write,
    /** Made anew each time. */
    read,
    keysOf,
    /** Leaves what the keys allow, or nothing. */
    cut(slot: Slot, keys: ReadonlySet<string> | null) {
      const entry = keys && read(slot);
      slot.keys = keys && keysOf(slot).intersection(keys);
      if (slot.text) texts.drop(slot.text);
      slot.text = null;
      if (entry && keys) write(slot, withKeys(entry, keys));
    },
    /** For a slot that goes. */
    drop(slot: Slot) {
      if (slot.text) texts.drop(slot.text);
      bytes -= slot.bytes;
    },
  };
}
