import { expect, test, vi } from 'vitest';
import { openConnector } from '../../../src/connectors/open.ts';
import { createCallRecorder } from '../call-recorder.ts';
import { isIn } from '../contract/scene.ts';
import { connected, linked } from './asterisk-lab.ts';

const BOSS = { to: '220', toExtension: true };
const MONITOR = { ...BOSS, whispers: false, hears: true };

/** A call of two to which a third phone listens, which has answered. */
async function listening() {
  const lab = await linked();
  const call = await connected(lab);
  const party = { nativeId: call.callee.id };
  await lab.link.listen(call.ref, party, MONITOR);
  const spy = [...lab.asterisk.channels.values()].find(({ spies }) => spies !== null);
  lab.asterisk.pickUp(spy ?? expect.fail());
  await lab.ari.heard();
  return { ...lab, ...call, spy: spy ?? expect.fail() };
}

const rolesOf = ({ parties }: { parties: readonly { role: string; state: string }[] }) =>
  parties.map(({ role, state }) => `${role} ${state}`);

test.each([
  ['hears all and is not heard', MONITOR, 'quES'],
  ['is heard by the leg besides', { ...MONITOR, whispers: true }, 'quESw'],
  ['is heard by the leg, and hears nothing', { ...BOSS, whispers: true, hears: false }, 'quESW'],
])('ChanSpy is told of who %s', async (_, request, options) => {
  await using lab = await linked();
  const { ref, callee } = await connected(lab);

  await lab.link.listen(ref, { nativeId: callee.id }, request);

  const spies = [...lab.asterisk.channels.values()].flatMap(({ spies: data }) => data ?? []);
  expect(spies).toEqual([`${callee.name},${options}`]);
});

test('whoever listens is a party of the call, and none of those who talk', async () => {
  await using lab = await listening();

  const call = await lab.events.until(lab.ref, ({ parties }) => parties[2]?.state === 'CONNECTED');

  expect(rolesOf(call)).toEqual(['CALLER CONNECTED', 'CALLEE CONNECTED', 'LISTENER CONNECTED']);
  expect(call.parties[2]).toMatchObject({ number: '220', nativeId: lab.spy.id });
  expect((await lab.link.list()).calls).toHaveLength(1);
});

test('whoever listens is hung up alone', async () => {
  await using lab = await listening();

  await lab.link.hangupParty(lab.ref, { nativeId: lab.spy.id });

  const call = await lab.events.until(lab.ref, ({ parties }) => parties[2]?.state === 'ENDED');
  expect(rolesOf(call)).toEqual(['CALLER CONNECTED', 'CALLEE CONNECTED', 'LISTENER ENDED']);
});

test('whoever hangs up after listening has not ended the call', async () => {
  await using lab = await listening();
  lab.asterisk.hangUpPhone(lab.spy);
  await lab.ari.heard();

  lab.asterisk.hangUpPhone(lab.caller);

  const { end } = await lab.events.until(lab.ref, isIn('ENDED'));
  expect(end).toMatchObject({ disposition: 'ANSWERED', by: 'CALLER' });
});

test('the call ends for who listens, too, and stays so', async () => {
  await using lab = await listening();

  await lab.link.hangup(lab.ref);

  const call = await lab.events.until(lab.ref, isIn('ENDED'));
  expect(rolesOf(call)).toEqual(['CALLER ENDED', 'CALLEE ENDED', 'LISTENER ENDED']);
  expect((await lab.link.list()).calls).toEqual([]);
});

test('a phone that rings to listen rings no longer than its call lasts', async () => {
  await using lab = await linked();
  const { ref, callee } = await connected(lab);
  await lab.link.listen(ref, { nativeId: callee.id }, MONITOR);

  lab.asterisk.hangUpPhone(callee);

  await vi.waitFor(() => expect(lab.asterisk.channels.size).toBe(0));
});

test('who is found listening to a call that is over is hung up', async () => {
  await using lab = await linked();
  const orphan = { id: 'listens-0a1b2c3d-1700000000.7', spies: 'PJSIP/9-00000001,quES' };
  lab.asterisk.add({ ...orphan, endpoint: '220', number: '220' });

  await lab.link.list();

  await vi.waitFor(() => expect(lab.asterisk.channels.size).toBe(0));
});

test('a Tandem that is started anew finds who listens where he was', async () => {
  await using lab = await listening();
  await using again = await openConnector(lab.url).connect(createCallRecorder());

  const { calls } = await again.list();

  expect(calls.map(rolesOf)).toEqual([
    ['CALLER CONNECTED', 'CALLEE CONNECTED', 'LISTENER CONNECTED'],
  ]);
});

test.each([
  ['nobody outside listens', { to: '0722000111', toExtension: false }, 'UNSUPPORTED'],
  ['nothing listens that cannot be dialled', { to: 'sip:a@b' }, 'INVALID_ARGUMENT'],
])('%s', async (_, more, code) => {
  await using lab = await linked();
  const { ref, callee } = await connected(lab);

  const asking = lab.link.listen(ref, { nativeId: callee.id }, { ...MONITOR, ...more });

  await expect(asking).rejects.toMatchObject({ code });
});
