import { expect, test } from 'vitest';
import { dataOf } from '../support/ask.ts';
import { startCallees, startCallers } from '../support/phones.ts';
import { openPbx } from './pbx.ts';

const CALLS = 200;

interface HangupData {
  readonly hangupPhoneCall: { readonly endedIds: readonly string[]; readonly failed: object[] };
}

test.each([
  { phones: 'that answer BYE at once', callee: 'uas_instant', caller: 'uac_instant' },
  { phones: 'that take their time', callee: 'uas', caller: 'uac' },
] as const)(`${CALLS} calls of phones $phones end at both ends`, async ({ callee, caller }) => {
  await using pbx = await openPbx();
  const { kamailio } = pbx.lab;
  await using callees = await startCallees(kamailio.calleePort, { scenario: callee, calls: CALLS });
  const args = ['-s', '0003*211', '-key', 'ani', '40722', '-key', 'userdata', ''];
  const choices = { scenario: caller, calls: CALLS, args };
  await using callers = await startCallers(kamailio.sipPort, choices);
  const ids = await pbx.until((heard) => {
    const connected = heard.filter(({ call }) => call.state === 'CONNECTED');
    const unique = new Set(connected.map(({ call }) => call.id));
    return unique.size === CALLS && unique;
  });
  const before = Date.now();

  const { hangupPhoneCall } = await dataOf<HangupData>(
    pbx.tandem,
    'mutation { hangupPhoneCall(input: { extension: "211" }) { endedIds failed { id } } }',
    { as: 'olivia' },
  );

  process.stdout.write(`${CALLS} calls hung up in ${Date.now() - before} ms\n`);
  expect(new Set(hangupPhoneCall.endedIds).isSupersetOf(ids)).toBe(true);
  expect(hangupPhoneCall.failed).toEqual([]);
  expect(await Promise.all([callers.content, callees.content])).toEqual([true, true]);
  const ends = pbx.heard.filter(({ call, kind }) => call.state === 'ENDED' && kind === 'STATE');
  expect(ends.map(({ call }) => call.endedBy)).toEqual(Array(CALLS).fill('OPERATOR'));
});
