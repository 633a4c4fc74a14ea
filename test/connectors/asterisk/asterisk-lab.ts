import type { CallRef, SwitchLink } from '../../../src/connectors/connector.ts';
import { openConnector } from '../../../src/connectors/open.ts';
import { type CallRecorder, createCallRecorder } from '../call-recorder.ts';
import type { FakeChannel } from './fake/channels.ts';
import { startFakeAmi } from './fake/fake-ami.ts';
import { startFakeAri } from './fake/fake-ari.ts';
import { FakeAsterisk, type FakeFault } from './fake/fake-asterisk.ts';

/** A secret with all that URLs are particular about. */
export const SECRET = 's+e/c:r@e%t#?&';

/** A fake Asterisk on real sockets, and the connector to it. */
export async function startAsterisk(options = '', secret = SECRET) {
  const asterisk = new FakeAsterisk();
  const ari = await startFakeAri(asterisk, SECRET);
  const ami = await startFakeAmi(asterisk, SECRET);
  const login = `tandem:${encodeURIComponent(secret)}@127.0.0.1`;
  const url = `ari+http://${login}:${ari.port}/?app=tandem&ami=${login}:${ami.port}${options}`;
  return {
    asterisk,
    ari,
    ami,
    url,
    connector: openConnector(url),
    async [Symbol.asyncDispose]() {
      await ari[Symbol.asyncDispose]();
      await ami[Symbol.asyncDispose]();
    },
  };
}

type Started = Awaited<ReturnType<typeof startAsterisk>>;

/** The same with a link and what it tells. */
export async function linked(
  ...faults: FakeFault[]
): Promise<Started & { link: SwitchLink; events: CallRecorder }> {
  const started = await startAsterisk();
  const events = createCallRecorder();
  const link = await started.connector.connect(events);
  for (const fault of faults) started.asterisk.faults.add(fault);
  return {
    ...started,
    link,
    events,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
      await started[Symbol.asyncDispose]();
    },
  };
}

/** A call that the dialplan, or an application of Stasis, has put through to a phone that rings. */
export async function ringing({ asterisk, ari }: Started, inStasis = false) {
  const caller = asterisk.dialIn('210', '211', { inStasis });
  const callee = asterisk.dial(caller, '211');
  await ari.heard();
  return { caller, callee, ref: refTo(asterisk, caller) };
}

/** The same, answered. */
export async function connected(started: Started, inStasis = false) {
  const call = await ringing(started, inStasis);
  started.asterisk.pickUp(call.callee);
  await started.ari.heard();
  return call;
}

/** How the connector names the channel's call. */
export const refTo = (asterisk: FakeAsterisk, { linkedid }: FakeChannel): CallRef => ({
  epoch: asterisk.startupTime,
  nativeId: linkedid,
});
