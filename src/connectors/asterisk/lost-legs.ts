import type { CallRecord } from './call-record.ts';
import type { AriEvent } from './channel.ts';
import { takeEvent } from './events.ts';
import type { Leg } from './leg.ts';

/** A leg and the call in which it is. */
export interface PlacedLeg {
  readonly leg: Leg;
  readonly call: CallRecord;
}

const ENDINGS = ['ChannelHangupRequest', 'ChannelDestroyed'];

/** Legs that a list had no more before their end was told: the list may have been faster than the event. */
export class LostLegs {
  readonly #legs = new Map<string, PlacedLeg>();

  add(lost: PlacedLeg): void {
    this.#legs.set(lost.leg.id, lost);
  }

  has(id: string): boolean {
    return this.#legs.has(id);
  }

  /** The ids of those whose end will not be told any more. */
  clear(): string[] {
    const ids = [...this.#legs.keys()];
    this.#legs.clear();
    return ids;
  }

  /** Takes an event about one of them. Gives its call when with this all is told of its end. */
  take(event: AriEvent, id: string, at: string): CallRecord | null {
    const lost = this.#legs.get(id);
    if (!lost || !ENDINGS.includes(event.type)) return null;
    takeEvent(event, lost.leg, lost.call, at);
    if (event.type === 'ChannelDestroyed') this.#legs.delete(id);
    const isWhole = ![...this.#legs.values()].some(({ call }) => call === lost.call);
    return isWhole ? lost.call : null;
  }
}
