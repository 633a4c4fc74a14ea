import type { CallRef } from '../../src/connectors/connector.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import type { SimulatorFault } from '../../src/connectors/simulator/faults.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';
import { createCallRecorder } from './call-recorder.ts';
import { createManualClock } from './manual-clock.ts';

/** A leg that calls. */
export function leg(number: string) {
  return { role: 'CALLER', number } as const;
}

/** An exchange under a clock that stands, and its connector. */
export function lab(...faults: SimulatorFault[]) {
  const clock = createManualClock();
  const exchange = createExchange({ clock, faults });
  return { clock, exchange, connector: createSimulator(exchange) };
}

/** The same with a link, and a call that was adopted while it was open. */
export async function talk(...faults: SimulatorFault[]) {
  const made = lab(...faults);
  const events = createCallRecorder();
  const link = await made.connector.connect(events);
  const parties = [leg('1'), { role: 'CALLEE', number: '2' } as const];
  const ref: CallRef = made.exchange.adopt({ nativeId: 'talk', parties });
  return { ...made, events, link, ref };
}
