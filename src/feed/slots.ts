import { type Entry, packed, unpacked, withKeys } from './entry.ts';
import { createEraser, erases } from './erased.ts';
import type { Change } from './feed.ts';
import type { Position } from './position.ts';
import { createTexts, type KeptText } from './texts.ts';

/** The places of a call's entries. */
interface OfCall {
  readonly id: string;
  readonly places: number[];
}

/** What is kept of an entry. */
interface Slot {
  readonly at: Position;
  readonly call: OfCall;
  readonly kind: Change['kind'];
  readonly hasDtmf: boolean;
  /** Null when nothing is left. */
  text: KeptText | null;
  /** Of its user data, once somebody has asked. */
  keys: ReadonlySet<string> | null;
}

/** Entries in order, without what later ones erase. Places count from the first entry that was ever here. */
export interface Slots {
  /** Of the oldest. */
  first(): number;
  /** Of the next to come. */
  end(): number;
  /** Of all texts. */
  bytes(): number;
  bytesAt(place: number): number;
  positionAt(place: number): Position | undefined;
  /** Made anew each time; null when nothing of it is left. */
  entryAt(place: number): Entry | null;
  /** Puts new ones behind, and takes out what they erase; gives the places where that was found. */
  push(added: readonly Entry[]): readonly number[];
  /** Drops so many of the oldest. */
  drop(count: number): void;
}

/** None yet. Knows where each call's entries are: user data changes often, and ten thousand entries are kept. */
export function createSlots(): Slots {
  const texts = createTexts();
  const slots: Slot[] = [];
  const calls = new Map<string, OfCall>();
  let first = 0;
  const slotAt = (place: number) => slots[place - first];

  function add(entry: Entry) {
    const { kind, dtmf, callId } = entry.message.change;
    const call = calls.get(callId) ?? { id: callId, places: [] };
    calls.set(callId, call);
    call.places.push(first + slots.length);
    const text = texts.keep(packed(entry));
    slots.push({ at: entry.at, call, kind, hasDtmf: Boolean(dtmf), text, keys: null });
  }

  const entryOf = ({ at, text }: Slot) => text && unpacked(at, texts.read(text));

  function keysOf(slot: Slot) {
    slot.keys ??= new Set(entryOf(slot)?.kept?.keys);
    return slot.keys;
  }

  /** Leaves of an entry what the keys allow, or nothing. */
  function cut(slot: Slot, keys: ReadonlySet<string> | null) {
    const entry = keys && entryOf(slot);
    if (slot.text) texts.drop(slot.text);
    slot.text = entry && texts.keep(packed(withKeys(entry, keys)));
    slot.keys = null;
  }

  function erase({ places }: OfCall): number[] {
    const leftOf = createEraser();
    return places.toReversed().filter((place) => {
      const slot = slotAt(place);
      if (!slot?.text) return false;
      const left = leftOf({ kind: slot.kind, hasDtmf: slot.hasDtmf, keys: () => keysOf(slot) });
      if (left === 'ALL') return false;
      cut(slot, left === 'NOTHING' ? null : left);
      return true;
    });
  }

  return {
    first: () => first,
    end: () => first + slots.length,
    bytes: () => texts.bytes(),
    bytesAt: (place) => texts.bytesOf(slotAt(place)?.text),
    positionAt: (place) => slotAt(place)?.at,
    entryAt: (place) => {
      const slot = slotAt(place);
      return slot ? entryOf(slot) : null;
    },
    push(added) {
      added.forEach(add);
      const erasing = added.map(({ message }) => message.change).filter(erases);
      const ids = new Set(erasing.map(({ callId }) => callId));
      return [...ids].flatMap((id) => erase(calls.get(id) ?? { id, places: [] }));
    },
    drop(count) {
      const gone = slots.splice(0, count);
      first += gone.length;
      for (const { call, text } of gone) {
        if (text) texts.drop(text);
        call.places.shift();
        if (call.places.length === 0) calls.delete(call.id);
      }
    },
  };
}
