import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { issueToken } from '../../src/auth/tokens.ts';
import {
  type CallKey,
  type CallMessage,
  type FollowError,
  type FollowOptions,
  followCalls,
} from '../../src/client/client.ts';
import { hashSecret } from '../../src/model/secret.ts';
import { bearer, dataOf } from '../support/ask.ts';
import { type Cut, openCut } from '../support/cut.ts';
import { socketUrl } from '../support/follow.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';
import { CLIENTS, type Client } from './clients.ts';

let tandem: TestTandem;
let way: Cut;
let closing: (() => unknown)[] = [];
beforeAll(async () => {
  tandem = await startTandem({ demo: true });
});
beforeEach(async () => {
  way = await openCut(tandem.port);
});
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  await way[Symbol.asyncDispose]();
});
afterAll(() => tandem[Symbol.asyncDispose]());

type Call = CallKey & { readonly userData: { readonly step?: number } | null };

const PLACE = 'mutation { placeCall(input: { extension: "8856", to: "4711" }) { call { id } } }';
const ATTACH = `mutation ($id: ID!, $value: JSON!) {
  attachUserData(input: { callId: $id, userData: $value }) { call { id } } }`;

const SETTINGS = { connectionParams: bearer('alice'), retryAttempts: 0 };
/** graphql-ws resumes by itself, at once and with the variables of old. */
const REPEATING = {
  ...SETTINGS,
  retryAttempts: 5,
  retryWait: async () => {},
  shouldRetry: () => true,
};

async function place(): Promise<string> {
  const { placeCall } = await dataOf<{ placeCall: { call: { id: string } } }>(tandem, PLACE);
  return placeCall.call.id;
}
const attach = (id: string, step: number) =>
  dataOf(tandem, ATTACH, { variables: { id, value: { step } } });

/** Follows, writes down, and can be waited for. */
function listen(client: Client, options: Partial<FollowOptions<Call>> = {}) {
  const messages: CallMessage<Call>[] = [];
  const resets: string[] = [];
  const errors: FollowError[] = [];
  let arrived = Promise.withResolvers<void>();
  const noted =
    <Item>(list: Item[]) =>
    (item: Item) => {
      list.push(item);
      arrived.resolve();
    };
  const following = followCalls<Call>({
    ...{ subscribe: client.subscribe, delay: () => 0 },
    ...{ onMessage: noted(messages), onReset: noted(resets), onError: noted(errors) },
    ...options,
  });
  closing.push(following.close, client.close);
  async function until(enough: () => boolean) {
    while (!enough()) {
      arrived = Promise.withResolvers();
      await arrived.promise;
    }
  }
  const steps = (id: string) =>
    messages.flatMap((message) =>
      message.__typename === 'CallChanged' && message.kind === 'USER_DATA' && message.call.id === id
        ? [message.call.userData?.step]
        : [],
    );
  return { messages, resets, errors, until, steps, following };
}

const isComplete = (messages: readonly CallMessage[]) =>
  messages.some(({ __typename }) => __typename === 'FeedBookmark');

const cases = CLIENTS.flatMap(([name, open]) => [
  [name, 'leaves it to the helper', open, SETTINGS] as const,
  [name, 'repeats itself', open, REPEATING] as const,
]);

test.each(cases)('%s, which %s, is cut and loses nothing', async (_name, _how, open, settings) => {
  const id = await place();
  const client = open({ url: socketUrl(way), ...settings }, ['8856']);
  const { messages, resets, errors, until, steps } = listen(client);
  await until(() => isComplete(messages));

  for (const step of [1, 3, 5]) {
    await attach(id, step);
    await until(() => steps(id).includes(step));
    way.cut();
    await attach(id, step + 1);
  }
  await until(() => steps(id).includes(6));

  expect(steps(id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(resets).toEqual(['START']);
  expect(errors).toEqual([]);
});

test.each(CLIENTS)('%s: a refusal is told once', async (_, open) => {
  const client = open({ url: socketUrl(way), ...SETTINGS }, ['0004*210']);
  const { errors, messages, until } = listen(client);

  await until(() => errors.length > 0);

  expect(errors.map(({ code }) => code)).toEqual(['EXTENSION_NOT_FOUND']);
  expect(messages).toEqual([]);
});

test.each(CLIENTS)('%s: credentials that are refused twice are told once', async (_, open) => {
  const client = open({ url: socketUrl(way), retryAttempts: 0 }, ['8856']);
  const { errors, until } = listen(client);

  await until(() => errors.length > 0);

  expect(errors.map(({ code }) => code)).toEqual(['UNAUTHENTICATED']);
});

test.each(CLIENTS)('%s: a position of another database is a gap', async (_, open) => {
  const id = await place();
  const foreign = Buffer.from('000000000000.1.1').toString('base64url');
  const saved: string[] = [];
  const client = open({ url: socketUrl(way), ...SETTINGS }, ['8856']);
  const { messages, resets, until } = listen(client, {
    position: { load: () => foreign, save: (position) => saved.push(position) },
  });

  await until(() => saved.some((position) => position !== ''));

  const snapshot = messages.filter(({ __typename }) => __typename === 'CallSnapshot');
  expect(resets).toEqual(['EPOCH']);
  expect(snapshot.map((message) => 'call' in message && message.call.id)).toContain(id);
  expect(saved).toEqual(['', messages.at(-1)?.position]);
});

test('a second page goes on from the position that the first has saved', async () => {
  const id = await place();
  const [, open] = CLIENTS[0] ?? [];
  if (!open) throw new Error('There are no clients.');
  const kept: string[] = [];
  const position = { load: () => kept.at(-1) ?? null, save: (text: string) => kept.push(text) };
  const first = listen(open({ url: socketUrl(way), ...SETTINGS }, ['8856']), { position });
  await first.until(() => isComplete(first.messages));
  await attach(id, 1);
  await first.until(() => first.steps(id).length === 1);
  first.following.close();
  await attach(id, 2);

  const second = listen(open({ url: socketUrl(way), ...SETTINGS }, ['8856']), { position });
  await second.until(() => second.steps(id).length === 1);

  expect(second.steps(id)).toEqual([2]);
  expect(second.resets).toEqual([]);
});

async function throwAwayToken(): Promise<string> {
  const [user] = await tandem.database.rows<{ userId: string; organizationId: string }>(
    sql`select id as "userId", organization_id as "organizationId" from users where username = 'alice'`,
  );
  if (!user) throw new Error('The demo has no alice.');
  return issueToken(tandem.database, { ...user, expiresAt: null });
}

test.each(CLIENTS)('%s goes on with a new token when the old one is revoked', async (_, open) => {
  const id = await place();
  let token = await throwAwayToken();
  const connectionParams = () => ({ authorization: `Bearer ${token}` });
  const client = open({ url: socketUrl(way), connectionParams, retryAttempts: 0 }, ['8856']);
  const { messages, resets, errors, until, steps } = listen(client, {
    renewLogin: async () => {
      token = await throwAwayToken();
    },
  });
  await until(() => isComplete(messages));

  await tandem.database.rows(
    sql`update tokens set revoked_at = now() where hash = ${hashSecret(token)}`,
  );
  await attach(id, 1);
  await attach(id, 2);
  await until(() => steps(id).includes(2));

  expect(steps(id)).toEqual([1, 2]);
  expect(resets).toEqual(['START']);
  expect(errors).toEqual([]);
});
