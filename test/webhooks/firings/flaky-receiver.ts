import { type Received, type Receiver, startReceiver } from '../../support/receiver.ts';

/** What a receiver has seen of one call: its firings in the order in which they came, each as often as it came. */
export interface Seen {
  readonly order: readonly string[];
  readonly accepted: ReadonlySet<string>;
}

/** A receiver that takes what it is told, if chance will. */
export interface FlakyReceiver extends AsyncDisposable {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  /** Requests for what it had taken already. */
  repeats(): number;
  /** By VoipNow's ids of the calls. */
  seen(): ReadonlyMap<string, Seen>;
  /** Ids that came with two contents. */
  readonly forged: readonly string[];
}

/**
 * Of a hundred requests it refuses about six, breaks off four before and five after it has taken them. With more of
 * them, some of ten thousand would fail so often in a row that the pauses are a matter of minutes.
 */
export async function startFlakyReceiver(random: () => number): Promise<FlakyReceiver> {
  const calls = new Map<string, { order: string[]; accepted: Set<string> }>();
  const bodies = new Map<string, string>();
  const forged: string[] = [];
  let repeats = 0;

  function take({ id, body, parameters }: Received, isAccepted: boolean) {
    const callId = parameters['CallID'] ?? '';
    const call = calls.get(callId) ?? { order: [], accepted: new Set() };
    calls.set(callId, call);
    call.order.push(id);
    if (call.accepted.has(id)) repeats += 1;
    if (isAccepted) call.accepted.add(id);
    if ((bodies.get(id) ?? body) !== body) forged.push(id);
    bodies.set(id, body);
  }

  const receiver: Receiver = await startReceiver((received, response) => {
    const chance = random();
    const isAccepted = chance >= 0.1;
    take(received, isAccepted);
    if (chance < 0.06) return chance < 0.04 ? 500 : 302;
    if (chance < 0.15) {
      response.destroy();
      return undefined;
    }
    return 200;
  });
  return {
    ...{ url: receiver.url, forged },
    count: () => receiver.received.length,
    repeats: () => repeats,
    seen: () => calls,
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}
