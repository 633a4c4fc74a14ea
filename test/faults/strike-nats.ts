import { setTimeout as after } from 'node:timers/promises';
import type { NatsOfTests } from '../support/nats.ts';
import type { Plan } from './plan.ts';

type NatsBlow = Plan['nats'][number]['blow'];

let last = Promise.resolve();

/** Does one bad thing to NATS, after the one before is over and mended. */
export function strikeNats(nats: NatsOfTests | null, blow: NatsBlow): Promise<void> {
  if (nats) last = last.then(() => strike(nats, blow));
  return last;
}

async function strike(nats: NatsOfTests, { act, forMs }: NatsBlow) {
  if (act === 'FREEZE_NATS') {
    nats.freeze();
    await after(forMs);
    return nats.thaw();
  }
  await nats.kill();
  if (act === 'KILL_NATS') await after(forMs);
  await nats.restart();
}
