import type { Entry } from './entry.ts';
import { createEraser, erases } from './erased.ts';
import type { Position } from './position.ts';
import { createContents, type OfCall, type Slot } from './slot.ts';

/** Entries in order, without what later ones erase. Places count from the first entry that was ever here. */
export interface Slots {
  /** Of the oldest. */
  first(): number;
  /** Of the next to come. */
  end(): number;
  /** Of all, with what was erased of them. */
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
  const contents = createContents();
  const slots: Slot[] = [];
  const calls = new Map<string, OfCall>();
  let first = 0;
  const slotAt = (place: number) => slots[place - first];

  function add(entry: Entry) {
    const { kind, dtmf, callId } = entry.message.change;
    const call = calls.get(callId) ?? { id: callId, places: [] };
    calls.set(callId, call);
    call.places.push(first + slots.length);
    // Its call is read for whoever is told of it, too.
    const keys = kind === 'USER_DATA' ? new Set(entry.kept?.keys) : null;
    const slot: Slot = {
      ...{ at: entry.at, call, kind, keys, hasDtmf: Boolean(dtmf) },
      ...{ text: null, bytes: 0 },
    };
    contents.write(slot, entry);
    slots.push(slot);
  }

  function erase({ places }: OfCall): number[] {
    const leftOf = createEraser();
    return places.toReversed().filter((place) => {
      const slot = slotAt(place);
      if (!slot?.text) return false;
      const { kind, hasDtmf } = slot;
      const left = leftOf({ kind, hasDtmf, keys: () => contents.keysOf(slot) });
      if (left === 'ALL') return false;
      contents.cut(slot, left === 'NOTHING' ? null : left);
      return true;
    });
  }

  return {
    first: () => first,
    end: () => first + slots.length,
    bytes: contents.bytes,
    bytesAt: (place) => slotAt(place)?.bytes ?? 0,
    positionAt: (place) => slotAt(place)?.at,
    entryAt: (place) => {
      const slot = slotAt(place);
      return slot ? contents.read(slot) : null;
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
      for (const slot of gone) {
        contents.drop(slot);
        const { id, places } = slot.call;
        places.shift();
        if (places.length === 0) calls.delete(id);
      }
    },
  };
}
