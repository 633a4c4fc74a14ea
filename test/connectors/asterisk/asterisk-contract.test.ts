import { setTimeout } from 'node:timers/promises';
import { connectorContract } from '../contract/contract.ts';
import { connected, refTo, ringing, startAsterisk } from './asterisk-lab.ts';
import type { FakeChannel } from './fake/channels.ts';

/** Asterisk ends no two keys of one phone within a millisecond. */
async function pressAlone(
  { asterisk, ari }: Awaited<ReturnType<typeof startAsterisk>>,
  channel: FakeChannel,
  digit: string,
) {
  asterisk.press(channel, digit);
  await ari.heard();
  await setTimeout(2);
}

const placeable = { organizationId: 'acme', from: '0003*210', to: '+40722000111' };

for (const [name, inStasis] of [
  ['Asterisk, in the dialplan', false],
  ['Asterisk, in Stasis', true],
] as const) {
  connectorContract(name, async () => {
    const started = await startAsterisk();
    const { asterisk, ari, ami, connector } = started;
    return {
      connector,
      placeable: { ...placeable, toExtension: false, userData: {} },
      ringing: async () => (await ringing(started, inStasis)).ref,
      connected: async () => (await connected(started, inStasis)).ref,
      async pressing() {
        const { caller, callee, ref } = await connected(started, inStasis);
        for (const digit of '42#') await pressAlone(started, caller, digit);
        await pressAlone(started, callee, '*');
        return ref;
      },
      async twoAlike() {
        const { caller } = await connected(started, inStasis);
        asterisk.dial(caller, '211');
        await ari.heard();
        return { ref: refTo(asterisk, caller), number: '211' };
      },
      cut: async () => ari.cut(),
      async restart() {
        asterisk.restart();
        ari.cut();
        ami.cut();
      },
      [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
    };
  });
}
