import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SwitchError } from '../../src/connectors/connector.ts';
import type { Carrier } from '../../src/fleet/carrier.ts';
import { capabilitiesOf } from '../../src/operations/capabilities.ts';
import { sendDtmf } from '../../src/operations/command-call.ts';
import { findCall } from '../../src/operations/find-call.ts';
import { hangupPhoneCall } from '../../src/operations/hangup-phone-call.ts';
import { bargeIntoCall } from '../../src/operations/listen-to-call.ts';
import { transferCall } from '../../src/operations/move-call.ts';
import { parkCall, unparkCall } from '../../src/operations/park-call.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Lab, openLab } from '../support/lab.ts';

const OUTSIDE = '0722000111';

let database: FreshDatabase;
let lab: Lab;
let numbers: Lab['organization']['numbers'];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  lab = await openLab(database);
  numbers = lab.organization.numbers;
});
afterEach(() => lab[Symbol.asyncDispose]());

const ended = (...ids: string[]) => ({ ended: ids, alreadyEnded: [], failed: [] });
const party = (number: string) => ({ role: 'OTHER' as const, number });

test('one call ends at the switch', async () => {
  const { id, ref } = await lab.adopt([OUTSIDE, numbers.front]);

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id });

  expect(receipt).toEqual(ended(id));
  expect(lab.exchange.lookUp(ref)).toBeNull();
  expect(await lab.row(id)).toMatchObject({ state: 'ENDED', disposition: 'ANSWERED' });
});

test('of many who end one call at once, one has ended it', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);

  const receipts = await Promise.all(
    Array.from({ length: 8 }, () => hangupPhoneCall(lab.as('alice'), { callId: id })),
  );

  const first = receipts.filter((receipt) => receipt.ended.length > 0);
  expect(first).toEqual([ended(id)]);
  const others = receipts.filter((receipt) => !first.includes(receipt));
  expect(others).toEqual(Array(7).fill({ ended: [], alreadyEnded: [id], failed: [] }));
});

test('all calls of an extension end, in full and short form, and no others', async () => {
  const one = await lab.adopt([OUTSIDE, numbers.front]);
  const two = await lab.adopt([numbers.front, numbers.boss]);
  const other = await lab.adopt([OUTSIDE, numbers.desk]);

  const receipt = await hangupPhoneCall(lab.as('alice'), { extension: '210' });

  expect(receipt.ended.toSorted()).toEqual([one.id, two.id].toSorted());
  expect(await lab.row(other.id)).toMatchObject({ state: 'CONNECTED' });
});

test('of the calls of an extension only those that are listed end', async () => {
  const one = await lab.adopt([OUTSIDE, numbers.front]);
  const two = await lab.adopt([numbers.front, numbers.boss]);
  const other = await lab.adopt([OUTSIDE, numbers.desk]);
  const onlyCallIds = [one.id, other.id];

  const receipt = await hangupPhoneCall(lab.as('alice'), { extension: '210', onlyCallIds });

  expect(receipt).toEqual(ended(one.id));
  for (const { id } of [two, other])
    expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test.each([
  ['of an extension', () => ({ extension: '210' })],
  ['the one that is named', (callId: string) => ({ callId })],
  ['the one that is named below its extension', (callId: string) => ({ callId, extension: '210' })],
])('an empty list ends no call: %s', async (_, named) => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);

  const receipt = await hangupPhoneCall(lab.as('olivia'), { ...named(id), onlyCallIds: [] });

  expect(receipt).toEqual(ended());
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test("without an extension all of the owner's calls end", async () => {
  const one = await lab.adopt([OUTSIDE, numbers.front]);
  const two = await lab.adopt([OUTSIDE, numbers.desk]);
  const other = await lab.adopt([OUTSIDE, numbers.boss]);
  const owner = lab.organization.principal('alice').userNumber;

  const receipt = await hangupPhoneCall(lab.as('olivia'), { owner });

  expect(receipt.ended.toSorted()).toEqual([one.id, two.id].toSorted());
  expect(await lab.row(other.id)).toMatchObject({ state: 'CONNECTED' });
});

test("a number's leg ends, and the others talk on", async () => {
  const parties = [OUTSIDE, numbers.front, numbers.desk].map(party);
  const { id } = await lab.adopt([OUTSIDE, numbers.front], { parties });

  const receipt = await hangupPhoneCall(lab.as('alice'), {
    callId: id,
    phoneNumber: `+${OUTSIDE}`,
  });

  expect(receipt).toEqual(ended(id));
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED', version: 2 });
});

test('an extension that has left a call has ended its leg, and hangs it up once more', async () => {
  const parties = [OUTSIDE, numbers.front, numbers.desk].map(party);
  const { id } = await lab.adopt([OUTSIDE, numbers.front], { parties });
  const own = { callId: id, extension: numbers.front, phoneNumber: '210' };
  await hangupPhoneCall(lab.as('alice'), own);

  const receipt = await hangupPhoneCall(lab.as('alice'), own);

  expect(receipt).toEqual(ended());
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED', version: 2 });
});

test.each([
  ["another's leg", OUTSIDE],
  ['the call', null],
])('an extension that has left a call is refused to hang up %s', async (_name, number) => {
  const parties = [OUTSIDE, numbers.front, numbers.desk].map(party);
  const { id } = await lab.adopt([OUTSIDE, numbers.front], { parties });
  const own = { callId: id, extension: numbers.front };
  await hangupPhoneCall(lab.as('alice'), { ...own, phoneNumber: '210' });

  const hangup = hangupPhoneCall(lab.as('alice'), { ...own, phoneNumber: number });

  await expect(hangup).rejects.toMatchObject({ code: 'WRONG_STATE' });
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED', version: 2 });
});

test.each(['by the call alone', 'by the call and the extension'])(
  'whoever has parked a call ends it, %s',
  async (how) => {
    const { id } = await lab.adopt([numbers.boss, numbers.front]);
    await parkCall(lab.as('alice'), { callId: id });
    const extension = how.includes('extension') ? numbers.front : null;

    const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id, extension });

    expect(receipt).toEqual(ended(id));
    expect(await lab.row(id)).toMatchObject({ state: 'ENDED' });
  },
);

test('who is rung for a caller whom another has parked declines, and the caller waits on', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await parkCall(lab.as('alice'), { callId: id });
  await unparkCall(lab.as('alice'), { callId: id, to: numbers.boss });
  await lab.settled();

  const receipt = await hangupPhoneCall(lab.as('olivia'), { extension: numbers.boss });

  expect(receipt).toEqual(ended(id));
  const { participants } = await findCall(lab.as('alice'), { callId: id });
  expect(participants?.map(({ state }) => state)).toEqual(['HELD', 'ENDED', 'ENDED']);
  expect(participants?.[0]?.parkedPosition).not.toBeNull();
});

test('who is rung for a caller whom he has parked himself ends the call', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await parkCall(lab.as('alice'), { callId: id, returnSeconds: 10 });
  await lab.clock.advance(10_000);
  await lab.settled();

  const receipt = await hangupPhoneCall(lab.as('alice'), { extension: numbers.front });

  expect(receipt).toEqual(ended(id));
  expect(await lab.row(id)).toMatchObject({ state: 'ENDED' });
});

test('who is rung to join others declines, and they talk on', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await bargeIntoCall(lab.as('olivia'), { callId: id, to: numbers.boss });
  await lab.settled();

  const receipt = await hangupPhoneCall(lab.as('olivia'), { callId: id, extension: numbers.boss });

  expect(receipt).toEqual(ended(id));
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test('who is rung at two telephones to join others declines at both', async () => {
  const parties = [
    ...[OUTSIDE, numbers.boss].map(party),
    ...[numbers.front, numbers.desk].map((number) => ({
      ...party(number),
      state: 'RINGING' as const,
    })),
  ];
  const { id } = await lab.adopt([OUTSIDE, numbers.boss], { parties });

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id, owner: '@me' });

  expect(receipt).toEqual(ended(id));
  const { participants } = await findCall(lab.as('olivia'), { callId: id });
  expect(participants?.map(({ state }) => state)).toEqual([
    ...['CONNECTED', 'CONNECTED'],
    ...['ENDED', 'ENDED'],
  ]);
});

test('whose call it is ends it after it went to an outside number', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await transferCall(lab.as('alice'), { callId: id, to: '0733000222' });

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id, extension: '210' });

  expect(receipt).toEqual(ended(id));
});

test('what an extension has left behind is among its calls', async () => {
  const parked = await lab.adopt([numbers.boss, numbers.front]);
  const sent = await lab.adopt([OUTSIDE, numbers.front]);
  const gone = await lab.adopt([OUTSIDE, numbers.front]);
  await parkCall(lab.as('alice'), { callId: parked.id });
  await transferCall(lab.as('alice'), { callId: sent.id, to: '0733000222' });
  await transferCall(lab.as('alice'), { callId: gone.id, to: numbers.boss });

  const receipt = await hangupPhoneCall(lab.as('alice'), { extension: numbers.front });

  expect(receipt.ended.toSorted()).toEqual([parked.id, sent.id].toSorted());
  expect(await lab.row(gone.id)).toMatchObject({ state: 'CONNECTED' });
});

test('a call that went to a colleague is not one’s own to end', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await transferCall(lab.as('alice'), { callId: id, to: numbers.boss });

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id, extension: '210' });

  await expect(hangup).rejects.toMatchObject({ code: 'WRONG_STATE' });
});

test('who has left a call neither ends it nor dials into it', async () => {
  const parties = [OUTSIDE, numbers.front, numbers.boss].map(party);
  const { id } = await lab.adopt([OUTSIDE, numbers.front], { parties });
  await hangupPhoneCall(lab.as('alice'), { callId: id, phoneNumber: '210' });

  const answers = await Promise.allSettled([
    hangupPhoneCall(lab.as('alice'), { callId: id }),
    sendDtmf(lab.as('alice'), { callId: id, digits: '1' }),
  ]);

  const refused = { status: 'rejected', reason: { code: 'WRONG_STATE' } };
  expect(answers).toMatchObject([refused, refused]);
  const can = capabilitiesOf(lab.as('alice'), await findCall(lab.as('alice'), { callId: id }));
  expect(can).not.toContain('HANGUP');
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED', version: 2 });
});

test('an extension that never took part in a call is refused', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id, extension: numbers.desk });

  await expect(hangup).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test('a number that is not in the call ends nothing', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id, phoneNumber: '0799' });

  expect(receipt).toEqual(ended());
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test('two legs with the number are refused, never guessed', async () => {
  const parties = [OUTSIDE, OUTSIDE, numbers.front].map(party);
  const { id } = await lab.adopt([OUTSIDE, numbers.front], { parties });

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id, phoneNumber: OUTSIDE });

  await expect(hangup).rejects.toMatchObject({ code: 'PARTY_AMBIGUOUS' });
  expect(await lab.row(id)).toMatchObject({ version: 1 });
});

test('a call that had ended is a success that says so', async () => {
  const { id, ref } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.remoteHangup(ref, 'CALLER');
  await lab.settled();

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id });

  expect(receipt).toEqual({ ended: [], alreadyEnded: [id], failed: [] });
});

test('an OK that was none is told as it is', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('hangup-ok-without-effect');

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id });

  await expect(hangup).rejects.toMatchObject({ code: 'SWITCH_FAILED' });
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test('when no event comes, the list tells the truth', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('missed-events');

  const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id });

  expect(receipt).toEqual(ended(id));
  expect(await lab.row(id)).toMatchObject({ state: 'ENDED', disposition: 'LOST' });
});

test('when one leg of the call stays, the whole has not ended', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('one-leg-only');

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id });

  await expect(hangup).rejects.toMatchObject({ code: 'SWITCH_FAILED' });
});

test('without a link the switch is unavailable, whichever it is, and the call is still there', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('unreachable');
  lab.exchange.cut();
  await lab.settled();

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id });

  await expect(hangup).rejects.toMatchObject({
    code: 'SWITCH_UNAVAILABLE',
    message: 'The switch cannot be reached; nothing was done.',
  });
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test('a switch that does not answer is a timeout', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('timeout');

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id });

  await expect(hangup).rejects.toMatchObject({ code: 'SWITCH_TIMEOUT' });
});

test('a switch that does not even list is waited for no longer than an end is', async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  lab.exchange.faults.add('timeout');
  const context = lab.as('alice');
  const mute = [...context.switches].map(
    ([name, carrier]) => [name, { ...carrier, resync: () => new Promise<void>(() => {}) }] as const,
  );
  const began = performance.now();

  const hangup = hangupPhoneCall({ ...context, switches: new Map(mute) }, { callId: id });

  await expect(hangup).rejects.toMatchObject({ code: 'SWITCH_TIMEOUT' });
  expect(performance.now() - began).toBeLessThan(5 * context.confirmMs);
});

test('a switch that is silent takes nothing of the time that another has for its list', async () => {
  const slow = await lab.adopt([OUTSIDE, numbers.front]);
  const mute = await lab.adopt([OUTSIDE, numbers.front]);
  await database.client`update calls set connector = 'mute' where id = ${mute.id}`;
  lab.exchange.faults.add('missed-events');
  const context = lab.as('alice');
  const switches = besideMute([...context.switches], 2 * context.confirmMs);

  const receipt = await hangupPhoneCall({ ...context, switches }, { extension: '210' });

  expect(receipt).toEqual({ ended: [slow.id], alreadyEnded: [], failed: [mute.id] });
});

test('when some could not be told and of one it is not known, that is said', async () => {
  await lab.adopt([OUTSIDE, numbers.front]);
  await lab.adopt([OUTSIDE, numbers.front]);
  const context = lab.as('alice');
  let asked = 0;
  const switches = [...context.switches].map(([name, carrier]) => {
    const hangup = async () => {
      asked += 1;
      throw new SwitchError(asked === 1 ? 'LINK_DOWN' : 'TIMEOUT', 'silent');
    };
    return [name, { ...carrier, commands: { ...carrier.commands, hangup } }] as const;
  });

  const hangup = hangupPhoneCall({ ...context, switches: new Map(switches) }, { extension: '210' });

  await expect(hangup).rejects.toMatchObject({ code: 'SWITCH_TIMEOUT' });
});

test.each(['with its event', 'with its event missed'])(
  'a hang-up whose answer is lost, %s, has ended the call',
  async (how) => {
    const { id } = await lab.adopt([OUTSIDE, numbers.front]);
    lab.exchange.faults.add('answers-lost');
    if (how.includes('missed')) lab.exchange.faults.add('missed-events');

    const receipt = await hangupPhoneCall(lab.as('alice'), { callId: id });

    expect(receipt).toEqual(ended(id));
  },
);

test('of two calls the one that stays does not hide the one that ended', async () => {
  const one = await lab.adopt([OUTSIDE, numbers.front]);
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);
  await database.client`update calls set native_id = 'nobody' where id = ${id}`;

  const receipt = await hangupPhoneCall(lab.as('alice'), { extension: numbers.front });

  expect(receipt).toEqual({ ended: [one.id], alreadyEnded: [], failed: [id] });
});

test.each([
  ['a number that is none', { phoneNumber: '' }, 'PHONE_NUMBER_INVALID'],
  ['nothing at all', {}, 'BAD_INPUT'],
  ['a call that is none', { callId: 'x' }, 'CALL_NOT_FOUND'],
  ['an extension that is not there', { extension: '999' }, 'EXTENSION_NOT_FOUND'],
  ['an owner who is not there', { owner: '99999' }, 'USER_NOT_FOUND'],
])('%s is refused', async (_name, input, code) => {
  const { id } = await lab.adopt([OUTSIDE, numbers.front]);

  const hangup = hangupPhoneCall(lab.as('alice'), input);

  await expect(hangup).rejects.toMatchObject({ code });
  expect(await lab.row(id)).toMatchObject({ state: 'CONNECTED' });
});

test("somebody else's call is not there", async () => {
  const { id } = await lab.adopt([OUTSIDE, numbers.boss]);

  const hangup = hangupPhoneCall(lab.as('alice'), { callId: id });

  await expect(hangup).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' });
});

/** The same switches, whose lists take a while, and one called `mute` that answers nothing. */
function besideMute(switches: readonly (readonly [string, Carrier])[], listMs: number) {
  const slow = switches.map(([name, carrier]) => {
    const resync = async () => wait(listMs).then(carrier.resync);
    return [name, { ...carrier, resync }] as const;
  });
  const mute = switches.map(([, carrier]) => {
    const hangup = async () => {
      throw new SwitchError('TIMEOUT', 'mute');
    };
    const commands = { ...carrier.commands, hangup };
    return ['mute', { ...carrier, commands, resync: () => new Promise<void>(() => {}) }] as const;
  });
  return new Map<string, Carrier>([...slow, ...mute]);
}
