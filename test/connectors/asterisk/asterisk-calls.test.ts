import { describe, expect, test } from 'vitest';
import type { CallRef } from '../../../src/connectors/connector.ts';
import type { CallRecorder } from '../call-recorder.ts';
import { isIn } from '../contract/scene.ts';
import { connected, linked, refTo, ringing } from './asterisk-lab.ts';

type Lab = Awaited<ReturnType<typeof linked>>;
type Call = Awaited<ReturnType<typeof ringing>>;

describe('a call ends', () => {
  test.each([
    {
      name: 'when its caller hangs up',
      act: ({ asterisk }: Lab, { caller, callee }: Call) => {
        asterisk.pickUp(callee);
        asterisk.hangUpPhone(caller);
      },
      end: { disposition: 'ANSWERED', by: 'CALLER', q850Cause: 16 },
    },
    {
      name: 'when its callee hangs up',
      act: ({ asterisk }: Lab, { callee }: Call) => {
        asterisk.pickUp(callee);
        asterisk.hangUpPhone(callee);
      },
      end: { disposition: 'ANSWERED', by: 'CALLEE', q850Cause: 16 },
    },
    {
      name: 'when its caller gives up',
      act: ({ asterisk }: Lab, { caller }: Call) => asterisk.hangUpPhone(caller, 127),
      end: { disposition: 'CANCELLED', by: 'CALLER', q850Cause: 127 },
    },
    {
      name: 'when its callee is busy',
      act: ({ asterisk }: Lab, { callee }: Call) => asterisk.hangUpPhone(callee, 17),
      end: { disposition: 'BUSY', by: 'CALLEE', q850Cause: 17 },
    },
    {
      name: 'when its callee declines',
      act: ({ asterisk }: Lab, { callee }: Call) => asterisk.hangUpPhone(callee, 21),
      end: { disposition: 'REJECTED', by: 'CALLEE', q850Cause: 21 },
    },
    {
      name: 'when its callee says that nobody answers',
      act: ({ asterisk }: Lab, { callee }: Call) => asterisk.hangUpPhone(callee, 19),
      end: { disposition: 'NO_ANSWER', by: 'CALLEE', q850Cause: 19 },
    },
    {
      name: 'when its callee cannot be reached',
      act: ({ asterisk }: Lab, { callee }: Call) => asterisk.hangUpPhone(callee, 38),
      end: { disposition: 'FAILED', by: 'CALLEE', q850Cause: 38 },
    },
    {
      name: 'when the dialplan rings no longer',
      act: ({ asterisk }: Lab, { callee }: Call) => asterisk.giveUp(callee),
      end: { disposition: 'NO_ANSWER', by: 'UNKNOWN', q850Cause: null },
    },
    {
      name: 'when another client of Asterisk ends it',
      act: ({ asterisk }: Lab, { caller, callee }: Call) => {
        asterisk.pickUp(callee);
        asterisk.softHangup(caller.id, 16);
      },
      end: { disposition: 'ANSWERED', by: 'SWITCH', q850Cause: 16 },
    },
  ])('$name', async ({ act, end }) => {
    await using lab = await linked();
    const call = await ringing(lab);

    act(lab, call);

    const ended = await lab.events.until(call.ref, isIn('ENDED'));
    expect(ended.end).toEqual(end);
    expect(ended.parties.map(({ state }) => state)).toEqual(['ENDED', 'ENDED']);
  });

  test('as its second callee does, not as the first did', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await ringing(lab);
    const { asterisk, events } = lab;
    const second = asterisk.dial(caller, '212');
    asterisk.hangUpPhone(callee, 17);
    asterisk.pickUp(second);

    asterisk.hangUpPhone(caller);

    const { end } = await events.until(ref, isIn('ENDED'));
    expect(end).toEqual({ disposition: 'ANSWERED', by: 'CALLER', q850Cause: 16 });
  });
});

describe('the legs of a call', () => {
  test('are the channels with one linkedid', async () => {
    await using lab = await linked();
    const { asterisk, ari, link } = lab;
    const one = await connected(lab);
    const other = asterisk.dialIn('310', '311');
    await ari.heard();

    const { calls } = await link.list();

    expect(calls.map(({ nativeId, parties }) => [nativeId, parties.length])).toEqual([
      [one.ref.nativeId, 2],
      [other.id, 1],
    ]);
  });

  test('may be three', async () => {
    await using lab = await linked();
    const { caller, ref } = await connected(lab);
    lab.asterisk.pickUp(lab.asterisk.dial(caller, '212'));

    const call = await lab.events.until(ref, ({ parties }) => parties[2]?.state === 'CONNECTED');

    expect(call.parties.map(({ number, role }) => `${role} ${number}`)).toEqual([
      'CALLER 210',
      'CALLEE 211',
      'CALLEE 212',
    ]);
  });

  test('leave one by one', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await connected(lab);
    lab.asterisk.pickUp(lab.asterisk.dial(caller, '212'));
    lab.asterisk.hangUpPhone(callee);

    const call = await lab.events.until(ref, ({ parties }) => parties[1]?.state === 'ENDED');

    expect(call).toMatchObject({ state: 'CONNECTED', end: null });
    expect(call.parties[2]?.state).toBe('CONNECTED');
  });

  test('go to another call when their linkedid does', async () => {
    await using lab = await linked();
    const { asterisk, events } = lab;
    const stays = await connected(lab);
    const comes = await connected(lab);
    for (const leg of [comes.caller, comes.callee]) {
      Object.assign(leg, { linkedid: stays.caller.id });
      asterisk.emit('ChannelEnteredBridge', leg);
    }

    const merged = await events.until(stays.ref, ({ parties }) => parties.length === 4);

    expect(merged.parties.map(({ state }) => state)).toEqual(Array(4).fill('CONNECTED'));
    expect((await events.until(comes.ref, isIn('ENDED'))).end).toMatchObject({ by: 'SWITCH' });
  });

  test('have nobody behind channels of the inner works', async () => {
    await using lab = await linked();
    const { caller, ref } = await ringing(lab);
    const inner = { endpoint: '211', linkedid: caller.id };
    lab.asterisk.add({ ...inner, name: 'Local/211@phones-00000001;1' });
    lab.asterisk.add({ ...inner, name: 'Recorder/ARI-00000002;2' });

    const { calls } = await lab.link.list();

    expect(calls).toMatchObject([{ nativeId: ref.nativeId, parties: [{}, {}] }]);
  });
});

describe('a call', () => {
  test('to a menu is CONNECTED with its caller alone', async () => {
    await using lab = await linked();
    const caller = lab.asterisk.dialIn('210', '*99');
    lab.asterisk.change(caller, 'Up');

    const call = await lab.events.until(refTo(lab.asterisk, caller), isIn('CONNECTED'));

    expect(call).toMatchObject({ ani: '210', dnis: '*99', parties: [{ state: 'CONNECTED' }] });
  });

  test('whose callee is busy is CONNECTED to a mailbox, and ends as its caller ends it', async () => {
    await using lab = await linked();
    const { asterisk, events } = lab;
    asterisk.hasMailbox = true;
    const { caller, callee, ref } = await ringing(lab);
    asterisk.hangUpPhone(callee, 17);
    asterisk.change(caller, 'Up');
    await events.until(ref, isIn('CONNECTED'));

    asterisk.hangUpPhone(caller);

    const { end } = await events.until(ref, isIn('ENDED'));
    expect(end).toEqual({ disposition: 'ANSWERED', by: 'CALLER', q850Cause: 16 });
  });

  test.each([
    ['as Asterisk has them', { number: '+40722000111', callerName: 'Ann' }, '+40722000111', 'Ann'],
    ['from the endpoint, when nobody is named', { number: '' }, '0003*210', null],
    ['or are unknown for a trunk', { number: '', name: 'PJSIP/trunk-0000000a' }, null, null],
  ])('has its numbers %s', async (_how, options, number, name) => {
    await using lab = await linked();
    const caller = lab.asterisk.dialIn('0003*210', '8856', options);

    const call = await lab.events.until(refTo(lab.asterisk, caller));

    expect(call).toMatchObject({ ani: number, dnis: '8856', parties: [{ number, name }] });
  });

  test('keeps the number that was dialled first', async () => {
    await using lab = await linked();
    const { caller, ref } = await ringing(lab);
    caller.exten = '700';

    lab.asterisk.emit('ChannelDialplan', caller);

    await lab.ari.heard();
    expect((await lab.link.list()).calls).toMatchObject([{ ...ref, dnis: '211' }]);
  });

  test("is HELD by a phone's own hold until that takes it back", async () => {
    await using lab = await linked();
    const { callee, ref } = await connected(lab);
    lab.asterisk.hold(callee, true);
    const held = await lab.events.until(ref, isIn('HELD'));

    lab.asterisk.hold(callee, false);

    expect(held.parties.map(({ state }) => state)).toEqual(['CONNECTED', 'HELD']);
    await back(lab.events, ref);
  });

  test('has the user data that the dialplan sets', async () => {
    await using lab = await linked();
    const { caller, ref } = await ringing(lab);

    lab.asterisk.setVariable(caller, 'USERDATA', '{"crm":{"id":42}}');

    const call = await lab.events.until(ref, ({ userData }) => 'crm' in userData);
    expect(call.userData).toEqual({ crm: { id: 42 } });
  });

  test('has a number that JavaScript would change as a text of its digits', async () => {
    await using lab = await linked();
    const { caller, ref } = await ringing(lab);

    lab.asterisk.setVariable(caller, 'USERDATA', '{"crm":{"id":9007199254740993},"of":1e2}');

    const call = await lab.events.until(ref, ({ userData }) => 'crm' in userData);
    expect(call.userData).toEqual({ crm: { id: '9007199254740993' }, of: 100 });
  });

  test.each(['no JSON', '[1]', 'null', '{"a":'])('has no user data in %s', async (text) => {
    await using lab = await linked();
    const { caller } = await ringing(lab);

    lab.asterisk.setVariable(caller, 'USERDATA', text);

    await lab.ari.heard();
    expect((await lab.link.list()).calls).toMatchObject([{ userData: {} }]);
  });

  test('is named by the Call-IDs of its SIP dialogs', async () => {
    await using lab = await linked();
    const { caller, callee, ref } = await ringing(lab);

    const call = await lab.events.until(ref, isIn('RINGING'));

    const values = [caller, callee].map(({ id }) => `${id}@fake`);
    expect(call.identifiers).toEqual(values.map((value) => ({ scheme: 'SIP', value })));
  });
});

/** The event that comes after a hold. */
async function back(events: CallRecorder, ref: CallRef): Promise<void> {
  let wasHeld = false;
  await events.until(ref, ({ state }) => {
    wasHeld ||= state === 'HELD';
    return wasHeld && state === 'CONNECTED';
  });
}
