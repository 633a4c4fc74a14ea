import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openConnector } from '../../../src/connectors/open.ts';
import { superviseSwitch } from '../../../src/connectors/supervisor.ts';
import type { LinkState } from '../../../src/model/link.ts';
import { createCallRecorder } from '../call-recorder.ts';
import { isIn } from '../contract/scene.ts';
import { connected, linked, SECRET, startAsterisk } from './asterisk-lab.ts';

describe('a supervised Asterisk', () => {
  test.each(['ari', 'ami'] as const)('is linked anew when %s alone breaks', async (which) => {
    await using lab = await startAsterisk();
    await using watched = watch(lab.url);
    await watched.until('UP');
    const { ref } = await connected(lab);

    lab[which].cut();
    await watched.until('DOWN');
    await watched.until('UP');

    expect(watched.lists.at(-1)).toEqual([ref.nativeId]);
    expect(await watched.supervised.commands.hangup(ref)).toBe('ACCEPTED');
    await watched.events.until(ref, isIn('ENDED'));
  });

  test.each(['ari', 'ami'] as const)('says why it is down while %s is away', async (which) => {
    await using lab = await startAsterisk();
    await using watched = watch(lab.url);
    await watched.until('UP');
    await lab[which][Symbol.asyncDispose]();
    await watched.until('DOWN');

    await watched.until('DOWN');

    expect(watched.supervised.lastError).toMatch(which === 'ari' ? /ARI.*REFUSED/ : /AMI.*REFUSED/);
  });

  test('follows a restart: the old calls are gone', async () => {
    await using lab = await startAsterisk();
    await using watched = watch(lab.url);
    await watched.until('UP');
    const { ref } = await connected(lab);
    lab.asterisk.restart();
    lab.ari.cut();
    lab.ami.cut();

    await watched.until('DOWN');
    await watched.until('UP');

    expect(watched.lists.at(-1)).toEqual([]);
    const hangup = watched.supervised.commands.hangup(ref);
    await expect(hangup).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
  });

  test('learns of what began and ended while it was cut off', async () => {
    await using lab = await startAsterisk();
    await using watched = watch(lab.url);
    await watched.until('UP');
    const gone = await connected(lab);
    lab.ari.cut();
    lab.asterisk.hangUpPhone(gone.caller);
    const fresh = await connected(lab);
    await watched.until('DOWN');

    await watched.until('UP');

    expect(watched.lists.at(-1)).toEqual([fresh.ref.nativeId]);
  });

  test('stays down with a wrong secret, and says so without it', async () => {
    await using lab = await startAsterisk('', 'hush-hush');
    await using watched = watch(lab.url);
    await watched.until('DOWN');

    await wait(2_000); // it is tried again meanwhile

    expect(watched.supervised.link).toBe('DOWN');
    expect(watched.supervised.lastError).toBe(
      'AMI refuses the user or the secret: Authentication failed',
    );
    expect(JSON.stringify(watched.faults)).not.toMatch(/hush/);
  });
});

describe('a link', () => {
  test('is refused with a secret that is wrong for ARI', async () => {
    await using lab = await startAsterisk();
    const url = lab.url.replace(encodeURIComponent(SECRET), 'hush-hush');

    const link = openConnector(url).connect(createCallRecorder());

    await expect(link).rejects.toThrow(/^ARI refuses the user or the secret$/);
  });

  test('is refused without channelvars while there are calls', async () => {
    await using lab = await startAsterisk();
    lab.asterisk.channelvars = [];
    lab.asterisk.dialIn('210', '211');

    const link = lab.connector.connect(createCallRecorder());

    await expect(link).rejects.toThrow(/channelvars = USERDATA,CHANNEL\(linkedid\)/);
  });

  test('ends without channelvars with the first call', async () => {
    await using lab = await linked();
    lab.asterisk.channelvars = ['USERDATA'];

    lab.asterisk.dialIn('210', '211');

    expect(await lab.link.closed).toMatch(/channelvars/);
  });

  test('is taken over by the next', async () => {
    await using lab = await linked();

    await using _next = await lab.connector.connect(createCallRecorder());

    expect(await lab.link.closed).toBe('Another link took over.');
  });

  test('knows what lived before it', async () => {
    await using lab = await startAsterisk();
    const { ref } = await connected(lab);

    await using link = await lab.connector.connect(createCallRecorder());

    expect((await link.list()).calls).toMatchObject([{ ...ref, state: 'CONNECTED' }]);
  });

  test('takes no harm from messages that are no events', async () => {
    await using lab = await linked();
    for (const odd of ['{', 'null', '[]', '{"type":1}', '{"type":"ChannelCreated","channel":{}}']) {
      lab.ari.say(odd);
    }

    const { ref } = await connected(lab);

    await lab.events.until(ref, isIn('CONNECTED'));
  });

  test('ends when a time is none', async () => {
    await using lab = await linked();

    lab.asterisk.dialIn('210', '211', { createdAt: new FakeDate() });

    expect(await lab.link.closed).toMatch(/a time that is none/);
  });

  test.each([
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['never ends its line', 'Asterisk Call Manager/11.0.0\r\n'.padEnd(100_000, 'x')],
  ])('is refused when AMI %s', async (_what, greeting) => {
    await using lab = await startAsterisk();
    await using odd = await greeter(greeting);

    const link = openConnector(lab.url.replace(/\d+$/, String(odd.port))).connect(
      createCallRecorder(),
    );

    await expect(link).rejects.toMatchObject({ code: 'LINK_DOWN' });
  });
});

class FakeDate extends Date {
  override toISOString = () => 'noon';
}

/** A server that says one thing and nothing else. */
async function greeter(greeting: string) {
  const server = createServer((socket) => {
    socket.on('error', () => {}).write(greeting);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** A supervisor over the Asterisk at a URL. */
function watch(url: string) {
  const events = createCallRecorder();
  const lists: string[][] = [];
  const faults: unknown[] = [];
  const links: LinkState[] = [];
  let seen = 0;
  let wake = Promise.withResolvers<void>();
  const supervised = superviseSwitch({
    id: 'ast',
    connector: openConnector(url),
    random: () => 1,
    onCall: async (call) => events.call(call),
    async onResync({ calls }) {
      lists.push(calls.map(({ nativeId }) => nativeId));
    },
    onFault: (fault) => faults.push(fault),
    onLink(link) {
      links.push(link);
      wake.resolve();
      wake = Promise.withResolvers();
    },
  });
  return {
    supervised,
    events,
    lists,
    faults,
    /** Resolves with the next time that the link is so. */
    async until(wanted: LinkState) {
      for (;;) {
        while (seen < links.length) if (links[seen++] === wanted) return;
        await wake.promise;
      }
    },
    [Symbol.asyncDispose]: () => supervised[Symbol.asyncDispose](),
  };
}
