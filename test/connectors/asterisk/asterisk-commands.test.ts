import { describe, expect, test } from 'vitest';
import { openConnector } from '../../../src/connectors/open.ts';
import { createCallRecorder } from '../call-recorder.ts';
import { isIn } from '../contract/scene.ts';
import { connected, linked, refTo, ringing } from './asterisk-lab.ts';

const request = {
  organizationId: 'acme',
  from: '0003*210',
  to: '+40722000111',
  toExtension: false,
  userData: { crm: '42' },
};

const TARGET = { to: '212', toExtension: true };

describe('a placed call', () => {
  test("rings the caller's phone, which is to begin in its own context", async () => {
    await using lab = await linked();

    const ref = await lab.link.place(request);

    const [channel] = lab.asterisk.channels.values();
    expect(channel).toMatchObject({ id: ref.nativeId, number: '0003*210', state: 'Ringing' });
    expect(Object.fromEntries(lab.ari.originated[0] ?? [])).toEqual({
      endpoint: 'PJSIP/0003*210',
      context: 'phones',
      extension: '+40722000111',
      priority: '1',
      timeout: '30',
      callerId: '0003*210',
      channelId: ref.nativeId,
    });
  });

  test('has the organization and the user data in variables', async () => {
    await using lab = await linked();

    await lab.link.place(request);

    const [channel] = lab.asterisk.channels.values();
    expect(Object.fromEntries(channel?.variables ?? [])).toEqual({
      TANDEM_ORGANIZATION: 'acme',
      USERDATA: '{"crm":"42"}',
    });
  });

  test('that may last so long has the limit of Asterisk itself', async () => {
    await using lab = await linked();

    await lab.link.place({ ...request, maxSeconds: 60 });

    const [channel] = lab.asterisk.channels.values();
    expect(channel?.variables.get('TIMEOUT(absolute)')).toBe('60');
  });

  test('is CONNECTED when both have answered', async () => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    const [caller] = lab.asterisk.channels.values();
    if (!caller) throw new Error('There is no caller');
    lab.asterisk.pickUp(caller);
    lab.asterisk.pickUp(lab.asterisk.dial(caller, '+40722000111', 'trunk'));

    const call = await lab.events.until(ref, isIn('CONNECTED'));

    expect(lab.events.statesOf(ref).filter((state, i, all) => state !== all[i - 1])).toEqual([
      'DIALING',
      'RINGING',
      'CONNECTED',
    ]);
    expect(call.parties.map(({ number, state }) => `${number} ${state}`)).toEqual([
      '0003*210 CONNECTED',
      '+40722000111 CONNECTED',
    ]);
  });

  test('has one callee, before and after it is called', async () => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    const before = await lab.events.until(ref);
    const [caller] = lab.asterisk.channels.values();
    if (!caller) throw new Error('There is no caller');
    lab.asterisk.pickUp(caller);
    lab.asterisk.dial(caller, '+40722000111', 'trunk');

    const after = await lab.events.until(ref, isIn('RINGING'));

    const names = [before, after].map(({ parties }) => parties.map(({ nativeId }) => nativeId));
    expect(names[0]).toEqual(names[1]);
    const { nativeId = '' } = after.parties[1] ?? {};
    expect(await lab.link.answer(ref, { nativeId })).toBe('ACCEPTED');
  });

  test('tells what its callee presses by the name that the callee has', async () => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    const [caller] = lab.asterisk.channels.values();
    if (!caller) throw new Error('There is no caller');
    lab.asterisk.pickUp(caller);
    const callee = lab.asterisk.dial(caller, '+40722000111', 'trunk');
    lab.asterisk.pickUp(callee);

    lab.asterisk.press(callee, '5');

    const presses = await lab.events.pressedIn(ref, 1);
    const { parties } = await lab.events.until(ref, isIn('CONNECTED'));
    expect(presses).toMatchObject([{ nativeId: parties[1]?.nativeId, digits: '5' }]);
  });

  test.each([
    ['its callee is busy', 17, 'BUSY'],
    ['its callee declines', 21, 'REJECTED'],
  ])('ends as it should when %s', async (_what, cause, disposition) => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    const [caller] = lab.asterisk.channels.values();
    if (!caller) throw new Error('There is no caller');
    lab.asterisk.pickUp(caller);

    lab.asterisk.hangUpPhone(lab.asterisk.dial(caller, '+40722000111', 'trunk'), cause);

    const { end } = await lab.events.until(ref, isIn('ENDED'));
    expect(end).toEqual({ disposition, by: 'CALLEE', q850Cause: cause });
  });

  test("ends as NO_ANSWER when nobody answers the caller's phone", async () => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    const [caller] = lab.asterisk.channels.values();
    if (!caller) throw new Error('There is no caller');

    lab.asterisk.giveUp(caller);

    const call = await lab.events.until(ref, isIn('ENDED'));
    expect(call.end).toMatchObject({ disposition: 'NO_ANSWER' });
    expect(call.parties.map(({ state }) => state)).toEqual(['ENDED', 'ENDED']);
  });

  test('keeps its organization in the memory of Asterisk', async () => {
    await using lab = await linked();
    const ref = await lab.link.place(request);
    await using fresh = await linkedAgain(lab.url);

    const { calls } = await fresh.list();

    expect(calls).toMatchObject([{ ...ref, organizationId: 'acme', userData: { crm: '42' } }]);
  });

  test.each([
    ['an endpoint that is not there', { from: '404' }, 'SWITCH_ERROR'],
    ['what cannot be dialled', { to: 'x@y' }, 'INVALID_ARGUMENT'],
    ['a caller that is no number', { from: '1&PJSIP/2' }, 'INVALID_ARGUMENT'],
  ])('is refused for %s and leaves nothing', async (_what, wrong, code) => {
    await using lab = await linked();

    const placed = lab.link.place({ ...request, ...wrong });

    await expect(placed).rejects.toMatchObject({ code });
    expect((await lab.link.list()).calls).toEqual([]);
  });
});

describe('user data', () => {
  test('is cleared by deleting its last key', async () => {
    await using lab = await linked();
    const { caller, ref } = await connected(lab);
    await lab.link.patchUserData(ref, { a: 1 });

    const data = await lab.link.patchUserData(ref, { a: null });

    expect(data).toEqual({});
    expect(caller.variables.get('USERDATA')).toBe('');
  });

  test('keeps all digits of what was there when something else is patched', async () => {
    await using lab = await linked();
    const { caller, ref } = await connected(lab);
    lab.asterisk.setVariable(caller, 'USERDATA', '{"id":9007199254740993}');
    await lab.events.until(ref, ({ userData }) => 'id' in userData);

    const data = await lab.link.patchUserData(ref, { a: 1 });

    expect(data).toEqual({ id: '9007199254740993', a: 1 });
    expect(caller.variables.get('USERDATA')).toBe('{"id":"9007199254740993","a":1}');
  });

  test('does not come back from a phone that has inherited it', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);
    for (const phone of [caller, callee]) {
      lab.asterisk.setVariable(phone, 'USERDATA', '{"pin":"1"}');
    }
    await lab.events.until(ref, ({ userData }) => 'pin' in userData);
    await lab.ari.heard();

    await lab.link.patchUserData(ref, { pin: null });

    expect([caller, callee].map(({ variables }) => variables.get('USERDATA'))).toEqual(['', '']);
    expect((await lab.link.list()).calls).toMatchObject([{ userData: {} }]);
  });

  test('is patched one patch after the other', async () => {
    await using lab = await linked();
    const { caller, ref } = await connected(lab);

    await Promise.all([{ a: 1 }, { b: 'ü\n' }].map((patch) => lab.link.patchUserData(ref, patch)));

    expect(JSON.parse(caller.variables.get('USERDATA') ?? '')).toEqual({ a: 1, b: 'ü\n' });
  });

  test('outlives the leg that had it', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab, true);
    lab.asterisk.pickUp(lab.asterisk.dial(caller, '212'));
    await lab.ari.heard();
    await lab.link.patchUserData(ref, { a: 1 });
    await lab.link.hangupParty(ref, { nativeId: caller.id });
    await lab.events.until(ref, ({ parties }) => parties[0]?.state === 'ENDED');

    const data = await lab.link.patchUserData(ref, { b: 2 });

    expect(data).toEqual({ a: 1, b: 2 });
    expect(callee.variables.get('USERDATA')).toBe('{"a":1,"b":2}');
  });

  test('is refused where a line of AMI cannot hold it', async () => {
    await using lab = await linked();
    const { ref } = await connected(lab);

    const patched = lab.link.patchUserData(ref, { long: 'x'.repeat(1_000) });

    await expect(patched).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((await lab.link.list()).calls).toMatchObject([{ userData: {} }]);
  });

  test('may be long in Stasis', async () => {
    await using lab = await linked();
    const { ref } = await connected(lab, true);
    const long = 'x'.repeat(20_000);

    expect(await lab.link.patchUserData(ref, { long })).toEqual({ long });
  });
});

describe('a command', () => {
  test.each([
    ['the dialplan', false],
    ['Stasis', true],
  ])('sends digits to both phones in %s', async (_where, inStasis) => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab, inStasis);

    await lab.link.sendDtmf(ref, '12#');

    expect([caller.digits, callee.digits]).toEqual(['12#', '12#']);
    expect(lab.ami.actions.includes('PlayDTMF')).toBe(!inStasis);
  });

  test('sends digits to those who talk while a third one holds the call', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);
    const third = lab.asterisk.dial(caller, '0722000111', 'trunk');
    lab.asterisk.pickUp(third);
    lab.asterisk.hold(third, true);
    await lab.events.until(ref, isIn('HELD'));

    await lab.link.sendDtmf(ref, '5');

    expect([caller.digits, callee.digits, third.digits]).toEqual(['5', '5', '']);
  });

  test('answers a caller who waits in Stasis', async () => {
    await using lab = await linked();
    const caller = lab.asterisk.dialIn('210', '8856', { inStasis: true });
    const ref = refTo(lab.asterisk, caller);
    await lab.events.until(ref);

    const outcome = await lab.link.answer(ref, { number: '210' });

    expect(outcome).toBe('ACCEPTED');
    await lab.events.until(ref, isIn('CONNECTED'));
  });

  test('cannot answer a caller for the dialplan', async () => {
    await using lab = await linked();
    const { ref } = await ringing(lab);

    const outcome = lab.link.answer(ref, { number: '210' });

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('cannot ask a phone that is not of PJSIP', async () => {
    await using lab = await linked();
    const caller = lab.asterisk.dialIn('210', '211');
    const inner = { endpoint: '211', name: 'DAHDI/1-1', number: '211', linkedid: caller.id };
    const callee = lab.asterisk.add(inner);
    lab.asterisk.change(callee, 'Ringing');
    const ref = refTo(lab.asterisk, caller);
    await lab.events.until(ref, isIn('RINGING'));

    const outcome = lab.link.answer(ref, { number: '211' });

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test.each([
    ['by music in Stasis', true],
    ['by the phone itself in the dialplan', false],
  ])('holds %s', async (_how, inStasis) => {
    await using lab = await linked();
    const { callee, ref } = await connected(lab, inStasis);

    await lab.link.setHold(ref, { nativeId: callee.id }, true);

    await lab.events.until(ref, isIn('HELD'));
    expect(callee.hasMusic).toBe(inStasis);
    expect(lab.ami.actions.includes('PJSIPNotify')).toBe(!inStasis);
  });

  test('transfers by the context of who transfers, as his phone would dial', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);

    const outcome = await lab.link.transfer(ref, { nativeId: callee.id }, TARGET);

    expect(outcome).toBe('ACCEPTED');
    expect(lab.ami.actions.at(-1)).toBe('BlindTransfer');
    expect(caller.exten).toBe('212');
  });

  test('transfers nobody who is not bridged', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);
    // As Asterisk has it: what was told of the other is not so any more.
    caller.state = 'Ring';

    const outcome = lab.link.transfer(ref, { nativeId: callee.id }, TARGET);

    await expect(outcome).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('holds no leg twice', async () => {
    await using lab = await linked();
    const { ref } = await connected(lab, true);
    await lab.link.setHold(ref, { number: '211' }, true);

    const again = lab.link.setHold(ref, { number: '211' }, true);

    await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test.each([false, true])(
    'ends every leg of a call of three (in Stasis: %s)',
    async (inStasis) => {
      await using lab = await linked();
      const { caller, ref } = await connected(lab, inStasis);
      lab.asterisk.pickUp(lab.asterisk.dial(caller, '212'));
      await lab.ari.heard();

      await lab.link.hangup(ref);

      await lab.events.until(ref, isIn('ENDED'));
      expect(lab.asterisk.channels.size).toBe(0);
    },
  );

  test('ends one leg of three', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);
    const third = lab.asterisk.dial(caller, '212');
    lab.asterisk.pickUp(third);
    await lab.ari.heard();

    await lab.link.hangupParty(ref, { number: '211' });

    await lab.events.until(ref, ({ parties }) => parties[1]?.state === 'ENDED');
    expect([...lab.asterisk.channels.keys()]).toEqual([caller.id, third.id]);
    expect(lab.asterisk.channels.has(callee.id)).toBe(false);
  });
});

/** A link that remembers nothing of before. */
const linkedAgain = (url: string) => openConnector(url).connect(createCallRecorder());

test('of two recordings that are started at once one is', async () => {
  await using lab = await linked();
  const { ref } = await connected(lab);

  const both = await Promise.allSettled([
    lab.link.setRecording(ref, 'RECORDING'),
    lab.link.setRecording(ref, 'RECORDING'),
  ]);

  expect(both).toMatchObject([
    { status: 'fulfilled', value: 'ACCEPTED' },
    { status: 'rejected', reason: { code: 'WRONG_STATE' } },
  ]);
});
