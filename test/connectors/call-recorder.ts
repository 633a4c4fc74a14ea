import type {
  CallRef,
  KeyPress,
  SwitchCall,
  SwitchEvents,
} from '../../src/connectors/connector.ts';

/** Listens to a switch and remembers. */
export interface CallRecorder extends SwitchEvents {
  /** All events so far. */
  readonly seen: readonly SwitchCall[];
  /** The states of one call, as they came. */
  statesOf(ref: CallRef): string[];
  /** The first event, past or future, that is as wanted. */
  first(wanted: (call: SwitchCall) => boolean): Promise<SwitchCall>;
  /** The first event of the call, past or future, that is as wanted. */
  until(ref: CallRef, wanted?: (call: SwitchCall) => boolean): Promise<SwitchCall>;
  /** What is pressed in the call, when so many presses were told. */
  pressedIn(ref: CallRef, count: number): Promise<readonly KeyPress[]>;
}

/** A recorder that has heard nothing. */
export function createCallRecorder(): CallRecorder {
  const seen: SwitchCall[] = [];
  const pressed: { readonly call: SwitchCall; readonly press: KeyPress }[] = [];
  let arrived = Promise.withResolvers<void>();
  const waiting = new Set<(call: SwitchCall) => void>();
  const isOf = (ref: CallRef) => (call: SwitchCall) =>
    call.nativeId === ref.nativeId && call.epoch === ref.epoch;
  const first = (wanted: (call: SwitchCall) => boolean) => {
    const past = seen.find(wanted);
    if (past) return Promise.resolve(past);
    const { promise, resolve } = Promise.withResolvers<SwitchCall>();
    const look = (call: SwitchCall) => {
      if (!wanted(call)) return;
      waiting.delete(look);
      resolve(call);
    };
    waiting.add(look);
    return promise;
  };
  return {
    seen,
    call(call) {
      seen.push(call);
      for (const look of waiting) look(call);
    },
    pressed(call, press) {
      pressed.push({ call, press });
      arrived.resolve();
      arrived = Promise.withResolvers();
    },
    async pressedIn(ref, count) {
      for (;;) {
        const all = pressed.filter(({ call }) => isOf(ref)(call));
        if (all.length >= count) return all.map(({ press }) => press);
        await arrived.promise;
      }
    },
    statesOf: (ref) => seen.filter(isOf(ref)).map(({ state }) => state),
    first,
    until: (ref, wanted = () => true) => first((call) => isOf(ref)(call) && wanted(call)),
  };
}
