import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, isAnswered, openDesks } from './desks.ts';
import type { Message } from './desktop.ts';

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
