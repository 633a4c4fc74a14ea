import { FollowError } from './follow-error.ts';
import type { PositionStore } from './options.ts';

/** The application's store of the position, if it has one, written only when the position has changed. */
export interface KeptPosition {
  /** Null when there is none. Throws a `FollowError` HANDLER_FAILED when the store cannot say. */
  load(): Promise<string | null>;
  /** Null: a snapshot is incomplete, there is nothing to resume from. */
  keep(position: string | null): void;
}

export function createKeptPosition(store: PositionStore | undefined): KeptPosition {
  let kept = '';
  return {
    async load() {
      try {
        kept = (await store?.load()) ?? '';
      } catch (cause) {
        throw new FollowError('HANDLER_FAILED', 'The position could not be loaded.', cause);
      }
      return kept || null;
    },
    keep(position) {
      const text = position ?? '';
      if (text === kept) return;
      store?.save(text);
      kept = text;
    },
  };
}
