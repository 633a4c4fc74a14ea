import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { netstring } from '../../src/connectors/kamailio/netstrings.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Invite, openRawPhones, type RawPhones } from '../support/raw-phones.ts';
import { type KamailioLab, openKamailioLab } from './kamailio-lab.ts';

let stack: AsyncDisposableStack;
let lab: KamailioLab;
let phones: RawPhones;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  lab = stack.use(await openKamailioLab());
  phones = stack.use(await openRawPhones(lab.kamailio.sipPort, lab.kamailio.calleePort));
});
afterEach(() => stack[Symbol.asyncDispose]());

/** The call when it rings, as Kamailio tells of it. */
async function rings(invite: Invite = {}) {
  const known = new Set(lab.events.seen.map(({ nativeId }) => nativeId));
  phones.call(invite);
  return lab.events.first(({ nativeId, state }) => !known.has(nativeId) && state === 'RINGING');
}

test.each<[string, Invite, object]>([
  ["a caller's name", { from: '"J\xfcrgen" <sip:1@a>' }, { parties: [{ name: 'Jürgen' }, {}] }],
  ["a caller's number", { from: '<sip:J\xfcrgen@a>' }, { ani: 'Jürgen' }],
  ['user data', { headers: ['X-User-Data: {"a":"J\xfcrgen"}'] }, { userData: { a: 'Jürgen' } }],
])('%s in Latin-1 is read, and told as it is listed', async (_, invite, said) => {
  await rings();

  const call = await rings(invite);

  const { calls } = await lab.observer.list();
  expect(call).toMatchObject(said);
  expect(calls).toHaveLength(2);
  expect(calls).toContainEqual(call);
});

test('user data that looks as if it had been kept in hexadecimal stays what it is', async () => {
  const call = await rings({ headers: ['X-User-Data: hex:41'] });

  const { calls } = await lab.observer.list();
  expect(call.userData).toEqual({ 'X-User-Data': 'hex:41' });
  expect(calls).toEqual([call]);
});

test.each<[string, Invite]>([
  ['a From tag with a colon', { tag: 'a:b%3A' }],
  ['a Call-ID of 900 letters', { callId: 'x'.repeat(900) }],
  ['a From tag of 3600 letters', { tag: 'x'.repeat(3600) }],
])('a call with %s has a name that can be kept, and can be ended', async (_, invite) => {
  const call = await rings(invite);

  const outcome = await lab.observer.hangup(call);

  expect(outcome).toBe('ACCEPTED');
  expect(call.nativeId.length).toBeLessThan(1100);
  while (!phones.got.includes('CANCEL')) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('a ringing call is over when it is hung up, however silent its callee', async () => {
  const call = await rings();

  await lab.observer.hangup(call);

  const { nativeId } = call;
  const ended = await lab.events.first((one) => one.nativeId === nativeId && one.state === 'ENDED');
  expect(ended.end).toEqual({ disposition: 'CANCELLED', by: 'OPERATOR', q850Cause: 16 });
  expect(phones.got).toContain('CANCEL');
  await expect.poll(() => phones.told).toContain(487);
  expect(await lab.observer.list()).toMatchObject({ calls: [] });
});

test("a callee's own refusal is told, though Kamailio makes another of it for the caller", async () => {
  phones.says = '503 Service Unavailable';
  phones.call();

  const ended = await lab.events.first(({ state }) => state === 'ENDED');

  expect(ended.end).toEqual({ disposition: 'FAILED', by: 'CALLEE', q850Cause: 41 });
});

test('a call whose Call-ID would be the death of Kamailio rings on', async () => {
  const call = await rings({ callId: 'x'.repeat(3600) });

  const outcome = lab.observer.hangup(call);

  await expect(outcome).rejects.toMatchObject({ code: 'SWITCH_ERROR' });
  expect(await lab.observer.list()).toMatchObject({ calls: [call] });
});

test('a call whose Call-ID is no text is refused by the configuration, and hides no other', async () => {
  phones.call({ callId: 'J\xfcrgen' });

  const call = await rings();

  expect(await lab.observer.list()).toMatchObject({ calls: [call] });
});

test.each<[string, Invite, object]>([
  [
    'more user data than there is room for',
    { headers: [`X-User-Data: {"a":"${'x'.repeat(1000)}"}`] },
    { userData: {} },
  ],
  [
    'a name that is longer than names are',
    { from: `"${'x'.repeat(300)}" <sip:1@a>` },
    { ani: '1', parties: [{ name: null }, {}] },
  ],
])('%s is not taken from an INVITE', async (_, invite, said) => {
  const call = await rings(invite);

  expect(call).toMatchObject(said);
});

test('more user data than there is room for is refused, and leaves what was there', async () => {
  const call = await rings();
  await lab.observer.patchUserData(call, { a: 'x'.repeat(900) });

  const patched = lab.observer.patchUserData(call, { b: 'x'.repeat(100) });

  await expect(patched).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const { calls } = await lab.observer.list();
  expect(calls[0]?.userData).toEqual({ a: 'x'.repeat(900) });
});

test('beside a long text of an INVITE there is no room, and the refusal says so', async () => {
  const call = await rings({ headers: [`X-User-Data: ${'x'.repeat(990)}`] });

  const patched = lab.observer.patchUserData(call, { b: 1 });

  const message = expect.stringContaining('this one has 1008, and would have 1014');
  await expect(patched).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test.each<[string, Invite, JsonObject, JsonObject]>([
  ['a long text', { headers: [`X-User-Data: ${'x'.repeat(990)}`] }, { 'X-User-Data': null }, {}],
  [
    'long Latin-1',
    { headers: [`X-User-Data: {"a":"${'\xfc'.repeat(900)}","b":1}`] },
    { b: null },
    { a: 'ü'.repeat(900) },
  ],
])('a pair of %s of an INVITE can be taken away', async (_, invite, patch, left) => {
  const call = await rings(invite);

  const data = await lab.observer.patchUserData(call, patch);

  expect(data).toEqual(left);
  expect(await lab.observer.list()).toMatchObject({ calls: [{ userData: left }] });
});

test('a hundred calls with as much user data as there may be are listed', async () => {
  const headers = [`X-User-Data: {"a":"${'x'.repeat(990)}"}`];
  for (let calls = 0; calls < 100; calls += 1) await rings({ headers });

  const { calls } = await lab.observer.list();

  expect(calls).toHaveLength(100);
});

test('Tandem may be at several addresses, and nobody else is let in', async () => {
  const from = async (localAddress: string) => {
    const where = { host: '127.0.0.1', port: lab.kamailio.evapiPort, localAddress };
    const socket = stack.adopt(connect(where), (one) => void one.destroy());
    socket.write(netstring('{"id":"1","op":"rpc","req":{"jsonrpc":"2.0","method":"core.uptime"}}'));
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.on('error', () => {}).on('close', () => resolve(false));
    socket.on('data', () => resolve(true));
    return promise;
  };

  const isLetIn = [await from('127.0.0.1'), await from('127.0.0.2'), await from('127.0.0.12')];

  expect(isLetIn).toEqual([true, true, false]);
});

test.each([
  ['here.example', false],
  ['elsewhere.example', true],
])('whether a caller of %s has proved who it is goes with the call', async (domain, isClaimed) => {
  const call = await rings({ from: `<sip:0003*210@${domain}>` });

  const { calls } = await lab.observer.list();
  expect(call).toMatchObject({ ani: '0003*210', isCallerClaimed: isClaimed });
  expect(calls).toEqual([call]);
});

test('what strangers send along is not taken when the operator says so', async () => {
  const headers = ['X-User-Data: {"forged":"yes"}'];

  const call = await rings({ from: '<sip:1@stranger.example>', headers });

  expect(call).toMatchObject({ ani: '1', userData: {} });
});
