import type { CallRef } from '../connectors/connector.ts';
import type { Exchange } from '../connectors/simulator/exchange.ts';

interface Organizations {
  readonly acme: string;
  readonly globex: string;
}

/** Puts the calls that the legacy documents name on the switch; they stay until somebody hangs up. */
export function adoptNamedCalls(exchange: Exchange, { acme }: Organizations): void {
  // VoipNow, Hang up PhoneCalls; and, for Genesys, a call that is established.
  exchange.adopt({
    nativeId: 'demo-1',
    organizationId: acme,
    identifiers: [
      { scheme: 'VOIPNOW', value: '7d280cc4feae3255a497' },
      { scheme: 'GENESYS', value: '01RCC3N118B1V0SL807GK2LAES00000S' },
    ],
    userData: { ticket: '1001' },
    parties: [
      { role: 'CALLER', number: '8887777', state: 'CONNECTED' },
      { role: 'CALLEE', number: '0003*210', state: 'CONNECTED' },
    ],
  });
  // Genesys, DeleteUserData: a call that is still being dialled.
  exchange.adopt({
    nativeId: 'demo-2',
    organizationId: acme,
    state: 'DIALING',
    identifiers: [
      { scheme: 'GENESYS', value: '01RCC3N118B1V0SL807GK2LAES00000R' },
      { scheme: 'GENESYS_CONNECTION', value: '007102719818001b' },
    ],
    userData: { customer: '4711', segment: 'gold' },
    parties: [
      { role: 'CALLER', number: '15000', state: 'DIALING' },
      { role: 'CALLEE', number: '15001', state: 'DIALING' },
    ],
  });
}

const EVERY_MS = 4000;

/** Keeps calls coming and going, on extensions that the documents' examples leave alone. */
export function startTraffic(exchange: Exchange, { acme, globex }: Organizations): Disposable {
  const lines = [
    // Whoever calls out puts on hold what he has: from the telephones of those who try the demo nothing does.
    { organizationId: acme, extension: '15000', callsOut: false },
    { organizationId: acme, extension: '0003*211', callsOut: true },
    { organizationId: globex, extension: '0004*210', callsOut: false },
  ];
  const timers = new Set<NodeJS.Timeout>();
  let count = 0;
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  const call = () => {
    const line = lines[count % lines.length];
    count += 1;
    if (!line) return;
    const { organizationId, extension, callsOut } = line;
    const outside = `+4072200${String(1000 + (count % 9000))}`;
    const inbound = !callsOut || count % 2 === 0;
    if (!inbound && talks(exchange, extension)) return;
    const [from, to] = inbound ? [outside, extension] : [extension, outside];
    const ref = exchange.offer({
      organizationId,
      from,
      fromExtension: !inbound,
      to,
      toExtension: inbound,
      userData: { queue: 'demo' },
    });
    later(9000 + (count % 5) * 2000, () => hangUp(exchange, ref, inbound));
  };
  const timer = setInterval(call, EVERY_MS);
  call();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      for (const pending of timers) clearTimeout(pending);
    },
  };
}

const talks = (exchange: Exchange, extension: string): boolean =>
  exchange
    .list()
    .calls.some(({ parties }) =>
      parties.some(({ number, state }) => number === extension && state === 'CONNECTED'),
    );

/** The outside party hangs up, unless somebody has ended the call before. */
function hangUp(exchange: Exchange, ref: CallRef, inbound: boolean) {
  try {
    exchange.remoteHangup(ref, inbound ? 'CALLER' : 'CALLEE');
  } catch {
    // The exchange has forgotten a call that ended long ago.
  }
}
