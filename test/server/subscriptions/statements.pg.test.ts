import { expect, test } from 'vitest';
import { issueToken } from '../../../src/auth/tokens.ts';
import { openTandem } from '../../../src/cli/services.ts';
import { readConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { freshDatabase } from '../../support/database.ts';
import { follow, type Stream } from '../../support/follow.ts';
import { layOrganization } from '../../support/organization.ts';
import { record, switchCall } from '../../support/switch-call.ts';

/** Documents that ask for more than a change carries, and a word of the statements that read it. */
const DOCUMENTS = {
  'the calls of its extensions': 'extension { calls(first: 1) { nodes { id } } }',
  'the rules of its extensions': 'extension { phoneCallEvents(first: 1) { nodes { id } } }',
};

const CHANGES = 3;

/** A Tandem over a database that counts, and the one organization in it. */
async function countingScene() {
  await using stack = new AsyncDisposableStack();
  const texts: string[] = [];
  const onStatement = (text: string) => texts.push(text);
  const database = stack.use(await freshDatabase({ onStatement }));
  const { id, numbers, principal } = await layOrganization(database);
  const { userId } = principal('olivia');
  const token = await issueToken(database, { userId, organizationId: id, expiresAt: null });
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, DRAIN_MS: '0' });
  const options = { config, database, switches: [], log: createLogger('silent') };
  const { port } = stack.use(await openTandem(options));
  const held = stack.move();
  return {
    open: (query: string) =>
      follow({ url: `http://127.0.0.1:${port}` }, query, {
        params: { authorization: `Bearer ${token}` },
      }),
    change: () => record(database, switchCall([numbers.front, '0722000111'])),
    /** Statements that read pages, which nobody does but the documents. */
    pages: () => texts.filter((text) => text.includes("json_build_object('rows'")).length,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** The next message of this type. */
async function until(stream: Stream, type: string) {
  for (;;) {
    const message = (await stream.next())['callChanges'] as { __typename: string }; // as it is asked for
    if (message.__typename === type) return message;
  }
}

test.each(Object.entries(DOCUMENTS))(
  'a document that asks for %s reads as often for fifty subscribers as for one',
  async (_, selection) => {
    const query = `subscription { callChanges { __typename
      ... on CallChanged { call { id participants { ${selection} } } } } }`;
    await using scene = await countingScene();
    const counts: number[] = [];
    const different: number[] = [];

    for (const subscribers of [1, 10, 50]) {
      const streams = Array.from({ length: subscribers }, () => scene.open(query));
      await Promise.all(streams.map((stream) => until(stream, 'FeedBookmark')));
      const before = scene.pages();
      for (let change = 0; change < CHANGES; change += 1) {
        await scene.change();
        const told = await Promise.all(streams.map((stream) => until(stream, 'CallChanged')));
        different.push(new Set(told.map((message) => JSON.stringify(message))).size);
      }
      counts.push(scene.pages() - before);
      await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
    }

    expect(new Set(different)).toEqual(new Set([1]));
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
  },
);
