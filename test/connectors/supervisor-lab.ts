import type { LiveCalls, SwitchCall, SwitchConnector } from '../../src/connectors/connector.ts';
import { type SupervisorOptions, superviseSwitch } from '../../src/connectors/supervisor.ts';
import { createManualClock } from './manual-clock.ts';
import { createScriptedSwitch } from './scripted-switch.ts';

type Choices = Partial<SupervisorOptions>;

/** A supervisor over a scripted switch, which writes down all it hands over. */
export function supervise(choices: Choices = {}) {
  const clock = createManualClock();
  const scripted = createScriptedSwitch(clock);
  return { ...watch(clock, scripted.connector, choices), clock, scripted };
}

/** A supervisor over any connector; `heard` has what it handed over, in order, as short words. */
export function watch(
  clock: ReturnType<typeof createManualClock>,
  connector: SwitchConnector,
  { onCall, onPressed, onResync, ...choices }: Choices = {},
) {
  const heard: string[] = [];
  const faults: unknown[] = [];
  const links: string[] = [];
  const supervised = superviseSwitch({
    id: 'lab',
    connector,
    clock,
    random: () => 0,
    onFault: (error) => faults.push(error),
    onLink: (link) => links.push(link),
    async onCall(call) {
      heard.push(wordsOf(call));
      await onCall?.(call);
    },
    async onPressed(call, presses, isAgain) {
      const words = presses.map(({ nativeId, digits }) => `${nativeId} ${digits}`).join(', ');
      heard.push(`${call.nativeId} pressed by ${words}${isAgain ? ' again' : ''}`);
      await onPressed?.(call, presses, isAgain);
    },
    async onResync(live, meanwhile) {
      const besides = meanwhile.size > 0 ? ` but for ${[...meanwhile].join(' ')}` : '';
      heard.push(`resync [${live.calls.map(({ nativeId }) => nativeId).join(' ')}]${besides}`);
      await onResync?.(live, meanwhile);
    },
    ...choices,
  });
  return { supervised, heard, faults, links };
}

const wordsOf = ({ nativeId, state }: SwitchCall) => `${nativeId} ${state}`;

type Lab = ReturnType<typeof supervise>;

/** The switch will not list before the test resolves this. */
export function awaitedList({ script }: Lab['scripted']) {
  const answer = Promise.withResolvers<LiveCalls>();
  script.list = () => answer.promise;
  return answer;
}

/** The link is cut, and then some time goes by: by default, until it is sought again. */
export async function restarted(scripted: Lab['scripted'], clock: Lab['clock'], ms = 250) {
  await clock.advance(0);
  scripted.cut();
  await clock.advance(ms);
}
