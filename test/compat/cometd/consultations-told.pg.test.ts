import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, isAnswered, openDesks } from './desks.ts';
import { basic, type Desktop, type Message } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
});
afterAll(() => desks[Symbol.asyncDispose]());

test('a transfer in two steps is told as the documents have it', async () => {
  const bob = await desks.subscribed('bob', '/v2/me/*');
  await desks.dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const first = data?.call.id;
  const destination = { phoneNumber: '0722000888' };
  await desks.post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination }, 'bob');
  const second = (await bob.until(isAnswered('0722000888'))).data?.call;
  const isSecond = ({ data }: Message) => data?.call.id === second?.id;

  await desks.post(`/me/calls/${first}`, { operationName: 'CompleteTransfer' }, 'bob');

  await bob.until((message) => isSecond(message) && message.data?.call.state === 'Released');
  expect(second).toMatchObject({
    callType: 'Consult',
    parentCallUri: `${desks.url}/api/v2/me/calls/${first}`,
    capabilities: expect.arrayContaining(['CompleteTransfer', 'CompleteConference', 'SwapCalls']),
  });
  const calls = new Set([first, second?.id]);
  const life = bob.received
    .filter((message) => calls.has(message.data?.call.id))
    .map((message) => `${isSecond(message) ? 2 : 1} ${message.data?.call.state}`);
  // The one that waits is told again whenever something else can be done with it.
  const first2 = life.indexOf('2 Dialing');
  expect(life.filter((state, place) => state !== '1 Held' || place < first2)).toEqual([
    '1 Dialing',
    '1 Established',
    '1 Held',
    '2 Dialing',
    '2 Established',
    '1 Released',
    '2 Released',
  ]);
});

test('a call that waits is told to be completable once the consultation is answered, and no more when that ends', async () => {
  const bob = await desks.subscribed('bob', '/v2/me/calls');
  await desks.dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const first = data?.call.id;
  const destination = { phoneNumber: '0722000888' };
  const lastOf = () =>
    bob.received.filter((message) => message.data?.call.id === first).at(-1)?.data?.call;
  const names = ['CompleteTransfer', 'CompleteConference', 'SwapCalls'];

  await desks.post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination }, 'bob');

  await bob.until(() => lastOf()?.capabilities.includes('CompleteTransfer') === true);
  expect(lastOf()).toMatchObject({ state: 'Held', capabilities: expect.arrayContaining(names) });
  const second = (await bob.until(isAnswered('0722000888'))).data?.call;
  await desks.post(`/me/calls/${second?.id}`, { operationName: 'Hangup' }, 'bob');
  await bob.until(() => lastOf()?.capabilities.includes('InitiateTransfer') === true);
  expect(lastOf()?.capabilities).not.toContain('CompleteTransfer');
  await desks.post(`/me/calls/${first}`, { operationName: 'ClearCall' }, 'bob');
});

test('a consultation says the recorded name of the call that it is about', async () => {
  const bob = await desks.subscribed('bob', '/v2/me/calls');
  await desks.dial('bob', '0722000777');
  const { data } = await bob.until(isAnswered('0722000777'));
  const dressed = data?.call.id ?? '';
  const RECORDED = '01RCC3N118B1V0SL807GK2LAES00000B';
  await desks.database.rows(sql`
    insert into call_identifiers (organization_id, scheme, value, call_id)
    select organization_id, 'GENESYS', ${RECORDED}, id from calls
    where replace(upper(id::text), '-', '') = ${dressed}`);

  const destination = { phoneNumber: '0722000888' };
  await desks.post(
    `/me/calls/${RECORDED}`,
    { operationName: 'InitiateTransfer', destination },
    'bob',
  );

  const { data: told } = await bob.until(
    (message) => 'parentCallUri' in (message.data?.call ?? {}),
  );
  expect(told?.call).toMatchObject({
    parentCallUri: `${desks.url}/api/v2/me/calls/${RECORDED}`,
    parentCallPath: `/calls/${RECORDED}`,
  });
  await desks.post(`/me/calls/${told?.call.id}`, { operationName: 'ClearCall' }, 'bob');
  await desks.post(`/me/calls/${RECORDED}`, { operationName: 'ClearCall' }, 'bob');
});

const can = async (id: string | undefined, username: string) => {
  const response = await fetch(`${desks.url}/api/v2/me/calls/${id}?fields=capabilities`, {
    headers: { authorization: basic(username) },
  });
  const { call } = (await response.json()) as { call: { capabilities: string[] } };
  return call.capabilities;
};

/** What a desktop was told last of these calls. */
const toldOf = ({ received }: Desktop, ids: readonly (string | undefined)[]) =>
  ids.map(
    (id) => received.findLast(({ data }) => data?.call.id === id)?.data?.call.capabilities ?? null,
  );

/** Waits until what is possible is what was told. */
async function expectTold(desktop: Desktop, username: string, ...ids: (string | undefined)[]) {
  const now = await Promise.all(ids.map((id) => can(id, username)));
  await expect
    .poll(() => desktop.connect({ timeout: 100 }).then(() => toldOf(desktop, ids)))
    .toEqual(now);
}

/** Two calls of bob, who consults by the second about the first. */
async function consulting() {
  const bob = await desks.subscribed('bob', '/v2/me/calls');
  await desks.dial('bob', '0722000777');
  const first = (await bob.until(isAnswered('0722000777'))).data?.call.id;
  const destination = { phoneNumber: '0722000888' };
  await desks.post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination }, 'bob');
  const second = (await bob.until(isAnswered('0722000888'))).data?.call.id;
  return { bob, first, second };
}

test.each([
  ['SwapCalls of the call that waits', ['SwapCalls first']],
  ['SwapCalls of the consultation', ['SwapCalls second']],
  ['SwapCalls to and fro', ['SwapCalls second', 'SwapCalls second', 'SwapCalls first']],
  ['Retrieve', ['Retrieve first']],
  ['both on hold', ['Hold second']],
  ['CompleteConference', ['CompleteConference first']],
])('what was told of two calls is possible after %s', async (_name, operations) => {
  const { bob, first, second } = await consulting();

  for (const operation of operations) {
    const [operationName, which] = operation.split(' ');
    const id = which === 'first' ? first : second;
    await desks.post(`/me/calls/${id}`, { operationName }, 'bob');
  }

  await expectTold(bob, 'bob', first, second);
  await desks.post(`/me/calls/${second}`, { operationName: 'ClearCall' }, 'bob');
  await desks.post(`/me/calls/${first}`, { operationName: 'ClearCall' }, 'bob');
});

test('what was told of a call is possible when whom it was put through to has answered', async () => {
  const olivia = await desks.subscribed('olivia', '/v2/me/calls');
  await desks.post('/me', { operationName: 'StartContactCenterSession' }, 'alice');
  await desks.dial('olivia', '15000');
  const { data } = await olivia.until(({ data }) => data?.call.dnis === '15000');
  const call = `/me/calls/${data?.call.id}`;
  await expect.poll(() => can(data?.call.id, 'alice')).toContain('Answer');
  await desks.post(call, { operationName: 'Answer' }, 'alice');
  const destination = { phoneNumber: '0722000888' };

  await desks.post(call, { operationName: 'SingleStepTransfer', destination }, 'alice');

  await expect
    .poll(() => can(data?.call.id, 'olivia'), { timeout: 5000 })
    .toContain('SingleStepTransfer');
  await expectTold(olivia, 'olivia', data?.call.id);
  await desks.post(call, { operationName: 'ClearCall' }, 'olivia');
  await desks.post('/me', { operationName: 'EndContactCenterSession' }, 'alice');
});

test('what was told of two calls is possible where one consults one’s own second telephone', async () => {
  const alice = await desks.subscribed('alice', '/v2/me/calls');
  await desks.post('/me', { operationName: 'StartContactCenterSession' }, 'alice');
  await desks.dial('alice', '0722000777');
  const first = (await alice.until(isAnswered('0722000777'))).data?.call.id;
  const destination = { phoneNumber: '15000' };
  await desks.post(`/me/calls/${first}`, { operationName: 'InitiateTransfer', destination });
  const isSecond = ({ data }: Message) =>
    data?.call.dnis === '15000' && data.call.capabilities.includes('Answer');
  const second = (await alice.until(isSecond)).data?.call.id;

  await desks.post(`/me/calls/${second}`, { operationName: 'Answer' });

  await expect.poll(() => can(first, 'alice')).toContain('CompleteTransfer');
  await expectTold(alice, 'alice', first, second);
  const swapped = await desks.post(`/me/calls/${first}`, { operationName: 'SwapCalls' });
  await expectTold(alice, 'alice', first, second);
  const completed = await desks.post(`/me/calls/${first}`, { operationName: 'CompleteTransfer' });
  expect([swapped.status, completed.status]).toEqual([200, 200]);
  await expectTold(alice, 'alice', first, second);
  await desks.post(`/me/calls/${first}`, { operationName: 'ClearCall' });
  await desks.post('/me', { operationName: 'EndContactCenterSession' });
});
