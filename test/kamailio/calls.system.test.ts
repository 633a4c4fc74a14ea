import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, bearer, dataOf } from '../support/ask.ts';
import { openRawPhones } from '../support/raw-phones.ts';
import { inState, openPbx, type Pbx } from './pbx.ts';

let pbx: Pbx;

beforeEach(async () => {
  pbx = await openPbx();
});
afterEach(() => pbx[Symbol.asyncDispose]());

const HANG_UP = `mutation ($callId: ID!) {
  hangupPhoneCall(input: { callId: $callId }) { endedIds failed { id } }
}`;

const talk = async () => {
  await pbx.lab.call({ callee: 'uas', until: 'CONNECTED' });
  return pbx.until(inState('CONNECTED'));
};

/** Both phones got what their scenarios wait for. */
const contents = () => {
  const { caller, callee } = pbx.lab.phones;
  return Promise.all([caller.content, callee.content]);
};

test('a real call is heard in all its states', async () => {
  await pbx.lab.call({ caller: 'uac_hold', callee: 'uas', until: 'ENDED' });

  await pbx.until(inState('ENDED'));

  const states = pbx.heard.map(({ call }) => call.state);
  expect([...new Set(states)]).toEqual(['DIALING', 'RINGING', 'CONNECTED', 'HELD', 'ENDED']);
  expect(pbx.heard.at(-1)?.call).toMatchObject({
    ...{ ani: '40722000111', dnis: '0003*210', disposition: 'ANSWERED', endedBy: 'CALLER' },
    q850Cause: 16,
  });
  expect(await contents()).toEqual([true, true]);
});

test('keys that phones press are heard by who follows the call, before its end', async () => {
  await pbx.lab.call({ caller: 'uac_digits', callee: 'uas_digits', until: 'CONNECTED' });
  const { id, offeredAt } = await pbx.until(inState('CONNECTED'));
  const pressed = () => pbx.heard.flatMap(({ dtmf }) => dtmf ?? []);
  await pbx.until(
    () =>
      pressed()
        .map(({ digits }) => digits)
        .join('').length === 4,
  );

  await dataOf(pbx.tandem, HANG_UP, { variables: { callId: id } });

  const byPhone = (phone: string) =>
    pressed().flatMap(({ digits, participant }) => (participant.role === phone ? digits : []));
  expect([byPhone('CALLER').join(''), byPhone('CALLEE')]).toEqual(['42#', ['*']]);
  expect(pressed().every(({ pressedAt }) => pressedAt > offeredAt)).toBe(true);
  expect(await contents()).toEqual([true, true]);
});

test('a hold is that of the audio, in whichever way a phone asks for it', async () => {
  await pbx.lab.call({ caller: 'uac_old_hold', callee: 'uas', until: 'ENDED' });

  await pbx.until(inState('ENDED'));

  const states = pbx.heard.map(({ call }) => call.state);
  const changes = states.filter((state, index) => state !== states[index - 1]);
  expect(changes.slice(-4)).toEqual(['CONNECTED', 'HELD', 'CONNECTED', 'ENDED']);
  expect(await contents()).toEqual([true, true]);
});

test("a dialled extension's call is that extension's", async () => {
  const { participants, identifiers } = await talk();

  expect(participants.map(({ extension }) => extension?.number ?? null)).toEqual([
    null,
    '0003*210',
  ]);
  expect(identifiers).toEqual([{ scheme: 'SIP', value: expect.stringContaining('@') }]);
});

test('a hang-up by GraphQL sends BYE to both phones', async () => {
  const { id } = await talk();

  const data = await dataOf(pbx.tandem, HANG_UP, { variables: { callId: id } });

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  expect(await contents()).toEqual([true, true]);
  const ended = await pbx.until(inState('ENDED', id));
  expect(ended).toMatchObject({ disposition: 'ANSWERED', endedBy: 'OPERATOR' });
});

test.each(['', '?phoneNumber=40722000111'])('a VoipNow hang-up %s does, too', async (query) => {
  const { id } = await talk();
  const url = `${pbx.tandem.url}/uapi/phoneCalls/@me/0003*210/${id.replaceAll('-', '')}${query}`;

  const response = await fetch(url, { method: 'DELETE', headers: bearer('alice') });

  expect(response.status).toBe(200);
  expect(await contents()).toEqual([true, true]);
});

test('a hang-up of a ringing call cancels it', async () => {
  await pbx.lab.call({ callee: 'uas_ring', until: 'RINGING' });
  const { id } = await pbx.until(inState('RINGING'));

  const data = await dataOf(pbx.tandem, HANG_UP, { variables: { callId: id } });

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  // CANCEL at the callee, 487 at both.
  expect(await contents()).toEqual([true, true]);
  const ended = await pbx.until(inState('ENDED', id));
  expect(ended).toMatchObject({ disposition: 'CANCELLED', endedBy: 'OPERATOR' });
});

test('a call whose answer crosses its CANCEL ends at both phones', async () => {
  await pbx.lab.call({ callee: 'uas_crossing', until: 'RINGING' });
  const { id } = await pbx.until(inState('RINGING'));

  const data = await dataOf(pbx.tandem, HANG_UP, { variables: { callId: id } });

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  // CANCEL at the callee, then BYE at both.
  expect(await contents()).toEqual([true, true]);
});

test('a ringing call ends for its caller, however silent its callee', async () => {
  const { sipPort, calleePort } = pbx.lab.kamailio;
  await using phones = await openRawPhones(sipPort, calleePort);
  phones.call();
  const { id } = await pbx.until(inState('RINGING'));

  const data = await dataOf(pbx.tandem, HANG_UP, { variables: { callId: id } });

  expect(data).toEqual({ hangupPhoneCall: { endedIds: [id], failed: [] } });
  expect(phones.got).toContain('CANCEL');
  await expect.poll(() => phones.told).toContain(487);
});

test("an INVITE's header is the call's user data, until it is deleted on the switch", async () => {
  const userData = '{"crm":"$ci","tags":["a"]}';
  await pbx.lab.call({ callee: 'uas', until: 'CONNECTED', userData });
  const call = await pbx.until(inState('CONNECTED'));

  await dataOf(
    pbx.tandem,
    'mutation ($callId: ID!) { deleteUserData(input: { callId: $callId }) { call { id } } }',
    { variables: { callId: call.id } },
  );

  expect(call.userData).toEqual({ crm: '$ci', tags: ['a'] });
  const [dialog] = (await pbx.lab.kamailio.ask('dlg.list')) as { variables: object[] }[];
  expect(dialog?.variables).toContainEqual({ td_userdata: '' });
});

test('user data that is attached lives on the switch', async () => {
  const { id } = await talk();

  await dataOf(
    pbx.tandem,
    `mutation ($callId: ID!) {
      attachUserData(input: { callId: $callId, userData: { note: "\\"ä\\" $ci" } }) { call { id } }
    }`,
    { variables: { callId: id } },
  );

  const { calls } = await pbx.lab.observer.list();
  expect(calls[0]?.userData).toEqual({ note: '"ä" $ci' });
});

test('what Kamailio cannot do is no capability', async () => {
  const { id } = await talk();

  const { data, code } = await ask<{ call: { capabilities: string[] } }>(
    pbx.tandem,
    'query ($id: ID!) { call(id: $id) { capabilities } }',
    { variables: { id } },
  );

  expect(code).toBeUndefined();
  expect(data?.call.capabilities).toContain('HANGUP');
  expect(data?.call.capabilities).not.toContain('SEND_DTMF');
});
