import { expect, test } from 'vitest';
import { openNotifications } from '../../../src/compat/genesys/cometd/cometd.ts';
import type { CometdHost } from '../../../src/compat/genesys/cometd/host.ts';

const NEVER = new AbortController().signal;

/** Somebody whose feed ends as it is told to. */
function hostOf(ending: Promise<void>): CometdHost {
  async function* feed() {
    yield { callChanges: { __typename: 'FeedBookmark', position: '1' } };
    await ending;
  }
  return {
    open: async () => ({
      userId: '1',
      execute: () => Promise.reject(new Error('Nothing is asked here.')),
      follow: () => feed() as AsyncGenerator<never>, // typed by the document
      watch: () => ({ signal: NEVER, release: () => {} }),
    }),
    ownerOf: async () => null,
    answered: async () => {},
    onAgentChange: () => () => {},
    refusalIn: () => null,
    ...{ csrf: false, origins: [], stopping: NEVER },
  };
}

test.each([
  ['fails', (end: PromiseWithResolvers<void>) => end.reject(new Error('The database is away.'))],
  ['ends', (end: PromiseWithResolvers<void>) => end.resolve()],
])('the poll that waits is told of the session’s end when the feed %s', async (_name, happen) => {
  const ending = Promise.withResolvers<void>();
  using notifications = openNotifications(hostOf(ending.promise));
  const send = async (message: object) => {
    const url = 'http://127.0.0.1/api/v2/notifications';
    const request = new Request(url, { method: 'POST', body: JSON.stringify([message]) });
    const from = { peer: '127.0.0.1', requestId: '1', signal: NEVER };
    return (await notifications.answer(request, from))?.json();
  };
  const [{ clientId }] = await send({ channel: '/meta/handshake', version: '1.0' });
  const poll = send({ channel: '/meta/connect', clientId, connectionType: 'long-polling' });

  happen(ending);

  const advice = { reconnect: 'handshake', interval: 0 };
  expect(await poll).toMatchObject([{ successful: false, error: '402::session_unknown', advice }]);
});
