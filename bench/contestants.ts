import type { Gateway } from './gateway.ts';
import type { Seat } from './member.ts';
import type { Probe } from './probe.ts';
import type { RawServer } from './raw-server.ts';
import type { Remote } from './rpc.ts';
import { extensionOf, type Scene, tokenOf } from './scene.ts';
import type { StockServer } from './stock-server.ts';
import { FOLLOW } from './subscription.ts';
import { sequenceText, type Writer } from './writer.ts';

/** Somebody who tells changes to a crowd of its own. */
export interface Contestant {
  readonly server: Remote<Probe>;
  seat(index: number): Seat;
  /** Tells changes with these numbers. */
  tell(from: number, to: number): Promise<void>;
}

/** Who follows what: all the same, or each its own. */
export type Audience = 'same-topic' | 'own-extension' | 'own-user';

/** Changes of one commit where each goes to one: else it is looking at the log that is measured, not telling. */
const BURST = 100;

interface Options {
  readonly audience: Audience;
  readonly scene: Scene;
}

/** Who sits where, each with its own filter or token as the audience has it. */
export function subscribing(url: string, { audience, scene }: Options, untilBookmark: boolean) {
  return (index: number): Seat => {
    const ownSeat = audience === 'own-user' ? index : undefined;
    const filter =
      audience === 'own-extension' ? { extensions: [extensionOf(scene.key, index)] } : null;
    const token = tokenOf(scene.key, ownSeat);
    return { url, subscribes: { token, query: FOLLOW, variables: { filter } }, untilBookmark };
  };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

const callOf = ({ callIds }: Scene, sequence: number) => callIds[sequence % callIds.length] ?? '';

/** Tandem as it is, told by commits in its Postgres. */
export function tandem(server: Gateway, { scene, audience }: Options, writer: Writer): Contestant {
  const isShared = audience === 'same-topic';
  return {
    server,
    seat: subscribing(server.url, { scene, audience }, true),
    tell: async (from, to) => {
      for (let first = from; first < to; first += isShared ? 1 : BURST) {
        const numbers = range(first, Math.min(first + BURST, to));
        const callIds = numbers.map((sequence) => callOf(scene, sequence));
        if (isShared) await writer.write(callOf(scene, first), first);
        else await writer.writeAll(callIds, first);
      }
    },
  };
}

/** graphql-ws and graphql-js, told by events in memory. */
export const stock = (server: Gateway<StockServer & Probe>, options: Options): Contestant => ({
  server: server as Remote<Probe>,
  seat: subscribing(server.url, options, false),
  tell: (from, to) =>
    server.call(
      'publish',
      range(from, to).map((sequence) => callOf(options.scene, sequence)),
      from,
    ),
});

/** `ws` alone. */
export const raw = (server: Gateway<RawServer & Probe>, { audience }: Options): Contestant => ({
  server: server as Remote<Probe>,
  seat: (index) => ({ url: `${server.url}/?${index}`, untilBookmark: false }),
  tell: async (from, to) => {
    if (audience !== 'same-topic') return server.call('scatter', from, to);
    for (const sequence of range(from, to)) await server.call('broadcast', sequence);
  },
});

/** Has the plain broadcast send what Tandem sends, but for the number. */
export async function imitate(server: Remote<RawServer>, frame: string): Promise<void> {
  const at = frame.indexOf('"seq":"') + '"seq":"'.length;
  const width = sequenceText(0).length;
  await server.call('imitate', frame.slice(0, at), frame.slice(at + width));
}
