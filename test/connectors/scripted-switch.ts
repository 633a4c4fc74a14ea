import type { Clock } from '../../src/connectors/clock.ts';
import type {
  KeyPress,
  LiveCalls,
  SwitchCall,
  SwitchConnector,
  SwitchEvents,
  SwitchLink,
} from '../../src/connectors/connector.ts';
import { adopted } from '../../src/connectors/simulator/adopted-call.ts';
import { createExchange } from '../../src/connectors/simulator/exchange.ts';
import { createSimulator } from '../../src/connectors/simulator/simulator.ts';

/** A connected call of the epoch `one`, or what it has become. */
export const callNamed = (nativeId: string, change: Partial<SwitchCall> = {}): SwitchCall => ({
  ...adopted({ nativeId, parties: [] }, 'one', '2026-01-02T03:04:05.000Z'),
  ...change,
});

/** How the call of that name ended. */
export const endOf = (nativeId: string) =>
  callNamed(nativeId, {
    state: 'ENDED',
    end: { disposition: 'ANSWERED', by: 'CALLER', q850Cause: 16 },
  });

/** A switch whose answers and events the test writes. */
export interface ScriptedSwitch {
  readonly connector: SwitchConnector;
  /** The answers, where they are to be others than an empty list and whatever the simulator says. */
  readonly script: { connect?: () => Promise<void> } & Partial<Pick<SwitchLink, 'list' | 'hangup'>>;
  /** When it was connected to, in milliseconds of the clock. */
  readonly connectedAt: readonly number[];
  /** How many links were closed by their owner or the switch. */
  readonly closed: number;
  /** Sends an event. */
  tell(call: SwitchCall): void;
  /** Tells what was pressed: by the leg `leg`, unless it says otherwise. */
  press(call: SwitchCall, press: Pick<KeyPress, 'digits'> & Partial<KeyPress>): void;
  /** Closes the link. */
  cut(): void;
}

/** A switch that lists nothing until its script says otherwise. */
export function createScriptedSwitch(clock: Clock): ScriptedSwitch {
  const exchange = createExchange({ clock });
  const simulator = createSimulator(exchange);
  const script: ScriptedSwitch['script'] = {};
  const connectedAt: number[] = [];
  const empty = async (): Promise<LiveCalls> => ({ epoch: 'one', calls: [] });
  let events: SwitchEvents = { call: () => {}, pressed: () => {} };
  let closed = 0;
  return {
    script,
    connectedAt,
    get closed() {
      return closed;
    },
    tell: (call) => events.call(call),
    press: (call, press) => events.pressed(call, { nativeId: 'leg', at: call.offeredAt, ...press }),
    cut: () => exchange.cut(),
    connector: {
      ...simulator,
      async connect(listener) {
        connectedAt.push(clock.now().getTime());
        events = listener;
        await script.connect?.();
        const link = await simulator.connect({ call: () => {}, pressed: () => {} });
        void link.closed.then(() => {
          closed += 1;
        });
        return {
          ...link,
          list: () => (script.list ?? empty)(),
          hangup: (ref) => (script.hangup ?? link.hangup)(ref),
        };
      },
    },
  };
}
