import type { TestContext } from 'vitest';
import type {
  CallRef,
  Capability,
  PlaceRequest,
  SwitchCall,
  SwitchConnector,
  SwitchLink,
  SwitchParty,
} from '../../../src/connectors/connector.ts';
import { type CallRecorder, createCallRecorder } from '../call-recorder.ts';

/** A switch to test a connector against, and the hands that do what people do there. */
export interface ContractSwitch extends AsyncDisposable {
  readonly connector: SwitchConnector;
  /** A call that the switch can place. */
  readonly placeable: PlaceRequest;
  /** Makes a call that rings at its callee and is not answered while the test runs. */
  ringing(): Promise<CallRef>;
  /** Makes a call between two parties who talk. */
  connected(): Promise<CallRef>;
  /** Makes a call between two parties who talk: one presses 4, 2 and #, and then the other *. */
  pressing(): Promise<CallRef>;
  /** Has a consultation answered; for switches that are capable of CONSULT. */
  answerSoon?(): Promise<void>;
  /** Makes a call in which two legs have the same number; absent where a switch cannot have one. */
  twoAlike?(): Promise<{ readonly ref: CallRef; readonly number: string }>;
  /** Breaks the link; the calls go on. */
  cut(): Promise<void>;
  /** Starts the switch anew: its calls are gone. */
  restart(): Promise<void>;
}

/** A test's switch, its link, and what that says. */
export interface Scene extends AsyncDisposable {
  readonly lab: ContractSwitch;
  readonly link: SwitchLink;
  readonly events: CallRecorder;
}

/** Makes a fresh switch. */
export type SetUp = () => Promise<ContractSwitch>;

/** Whom the tests dial besides. */
export const TARGET = { to: '212', toExtension: true };

/** Whether a call is in that state. */
export const isIn = (state: SwitchCall['state']) => (call: SwitchCall) => call.state === state;

/** A link to a fresh switch; skips the test when the switch lacks what it needs. */
export async function begin(
  setUp: SetUp,
  wish?: { readonly context: TestContext; readonly needs: Capability },
): Promise<Scene> {
  const lab = await setUp();
  if (wish && !lab.connector.capabilities.has(wish.needs)) {
    await lab[Symbol.asyncDispose]();
    wish.context.skip(`the switch is not capable of ${wish.needs}`);
  }
  const events = createCallRecorder();
  const link = await lab.connector.connect(events);
  return {
    lab,
    link,
    events,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
    },
  };
}

/** A call that has been hung up. */
export async function endedCall({ lab, link, events }: Scene): Promise<CallRef> {
  const ref = await lab.connected();
  await link.hangup(ref);
  await events.until(ref, isIn('ENDED'));
  return ref;
}

/** The callee's leg; a switch may have told of the caller alone before. */
export async function calleeOf({ events }: Scene, ref: CallRef): Promise<SwitchParty> {
  const isCallee = ({ role }: SwitchParty) => role === 'CALLEE';
  const { parties } = await events.until(ref, (call) => call.parties.some(isCallee));
  const callee = parties.find(isCallee);
  if (!callee) throw new Error('The call has no callee');
  return callee;
}
