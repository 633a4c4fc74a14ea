import type { Fleet, FleetOptions } from './fleet.ts';
import { perform } from './request.ts';
import { carrierOf } from './seat.ts';
import { SOLE_TENURE } from './tenure.ts';

/** A process whose database is its own has all switches from the start, and asks nobody. */
export function soleOwner({
  switches,
  supervise,
}: Pick<FleetOptions, 'switches' | 'supervise'>): Fleet {
  const stack = new AsyncDisposableStack();
  const { isHeld } = SOLE_TENURE;
  const carriers = switches.map((one) => {
    const supervised = stack.use(supervise(one, SOLE_TENURE));
    const carrier = carrierOf(one, {
      owner: () => 'HERE',
      report: () => supervised,
      send: (method, args) => perform(supervised, isHeld, method, args),
    });
    return [one.id, carrier] as const;
  });
  return {
    carriers: new Map(carriers),
    changed: () => {},
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
