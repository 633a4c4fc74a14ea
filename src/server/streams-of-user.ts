import type { PrincipalWatch } from '../auth/watch.ts';
import { GatewayError } from '../model/errors.ts';

const COME_BACK_S = 5;

/** The same watch, that refuses with RATE_LIMITED to let one user have more streams than this at once. */
export function limitStreams(watch: PrincipalWatch, most: number): PrincipalWatch {
  const open = new Map<string, number>();
  const add = (userId: string, more: number) => {
    const count = (open.get(userId) ?? 0) + more;
    if (count > 0) open.set(userId, count);
    else open.delete(userId);
  };
  return {
    watch(principal) {
      const { userId } = principal;
      if ((open.get(userId) ?? 0) >= most) {
        const message = `One user has at most ${most} WebSockets and streams at once.`;
        throw new GatewayError('RATE_LIMITED', message, { retryAfter: COME_BACK_S });
      }
      const { signal, release } = watch.watch(principal);
      add(userId, 1);
      let isHeld = true;
      const leave = () => {
        if (isHeld) add(userId, -1);
        isHeld = false;
        release();
      };
      return { signal, release: leave };
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}
