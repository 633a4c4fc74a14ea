import type { CallRef, SwitchCall, SwitchLink } from '../../src/connectors/connector.ts';
import { createKamailio } from '../../src/connectors/kamailio/kamailio.ts';
import { startKamailio, type TestKamailio } from '../support/kamailio.ts';
import { type Phones, type Scenario, startCallees, startCallers } from '../support/phones.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type CallRecorder, createCallRecorder } from './call-recorder.ts';

interface CallChoices {
  readonly caller?: Scenario;
  readonly callee: Scenario;
  /** The call is made when it is in this state. */
  readonly until: SwitchCall['state'];
  readonly from?: string;
  readonly to?: string;
  readonly userData?: string;
}

/** A Kamailio, a way to its evapi that can be cut, and an observer who sees it past that. */
export interface KamailioLab extends AsyncDisposable {
  readonly kamailio: TestKamailio;
  readonly proxy: TcpProxy;
  /** What the observer sees. */
  readonly events: CallRecorder;
  readonly observer: SwitchLink;
  /** Makes a call with real phones. */
  call(choices: CallChoices): Promise<CallRef>;
  /** The phones of the last call. */
  readonly phones: { readonly caller: Phones; readonly callee: Phones };
}

/** Starts one. */
export async function openKamailioLab(): Promise<KamailioLab> {
  await using stack = new AsyncDisposableStack();
  const kamailio = stack.use(await startKamailio());
  const proxy = stack.use(await openTcpProxy(kamailio.evapiPort));
  const events = createCallRecorder();
  const connector = createKamailio({ host: '127.0.0.1', port: kamailio.evapiPort });
  const observer = stack.use(await connector.connect(events));
  const { epoch } = await observer.list();
  let phones: KamailioLab['phones'] | undefined;
  const call = async ({ until, ...choices }: CallChoices) => {
    const known = new Set(events.seen.map(({ nativeId }) => nativeId));
    const callee = await startCallees(kamailio.calleePort, { scenario: choices.callee });
    const { caller: scenario = 'uac', from = '40722000111', to = '0003*210' } = choices;
    const keys = ['-s', to, '-key', 'ani', from, '-key', 'userdata', choices.userData ?? ''];
    const caller = await startCallers(kamailio.sipPort, { scenario, args: keys });
    phones = { caller: held.use(caller), callee: held.use(callee) };
    const { nativeId } = await events.first(
      (one) => !known.has(one.nativeId) && one.state === until,
    );
    return { epoch, nativeId };
  };
  const held = stack.move();
  return {
    kamailio,
    proxy,
    events,
    observer,
    call,
    get phones() {
      if (!phones) throw new Error('Nobody has called yet.');
      return phones;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
