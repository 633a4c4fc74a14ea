import type { Entry } from './entry.ts';
import { createEraser, erases } from './erased.ts';
import type { Names } from './names.ts';
import { createPlaces } from './places.ts';
import type { Position } from './position.ts';
import { createContents, type Slot } from './slot.ts';

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
  /** Of entries that have one of these names, from a place on, in order. */
  placesFrom(place: number, names: Names): Iterable<number>;
  /** Puts new ones behind, and takes out what they erase; gives the places where that was found. */
  push(added: readonly Entry[]): readonly number[];
  /** Drops so many of the oldest. */
  drop(count: number): void;
}

/** None yet. */
export function createSlots(): Slots {
  const contents = createContents();
  const slots: Slot[] = [];
  const places = createPlaces();
  let first = 0;
  const slotAt = (place: number) => slots[place - first];

  function add(entry: Entry) {
    const { change } = entry.message;
    const { kind, dtmf } = change;
    places.add(first + slots.length, change);
    // Its call is read for whoever is told of it, too.
    const keys = kind === 'USER_DATA' ? new Set(entry.kept?.keys) : null;
    const slot: Slot = {
      ...{ at: entry.at, kind, keys, hasDtmf: Boolean(dtmf) },
      ...{ text: null, bytes: 0 },
    };
    contents.write(slot, entry);
    slots.push(slot);
  }

  function erase(callId: string): number[] {
    const leftOf = createEraser();
    const ofCall = [...places.from(first, ['call', [callId]])];
    return ofCall.reverse().filter((place) => {
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
    placesFrom: (place, names) => {
      const everywhere = names[0] === 'all';
      return everywhere ? range(place, first + slots.length) : places.from(place, names);
    },
    push(added) {
      added.forEach(add);
      const erasing = added.map(({ message }) => message.change).filter(erases);
      const ids = new Set(erasing.map(({ callId }) => callId));
      return [...ids].flatMap(erase);
    },
    drop(count) {
      const gone = slots.splice(0, count);
      first += gone.length;
      for (const slot of gone) contents.drop(slot);
      places.dropBelow(first);
    },
  };
}

function* range(from: number, to: number) {
  for (let place = from; place < to; place += 1) yield place;
}
