import { expect, test } from 'vitest';
import { startCallees, startCallers } from '../support/phones.ts';
import { type Heard, openPbx } from './pbx.ts';

const LIVE = 500;
const TALK_S = 40;
const PER_SECOND = LIVE / TALK_S;
/** Until so many live, and then for a minute. */
const SECONDS = TALK_S + 60;
const CALLS = PER_SECOND * SECONDS;

/** The moment on the switch that a change tells of, by the state that it led to. */
const MOMENTS: Readonly<Record<string, (call: Heard['call']) => string | null | undefined>> = {
  DIALING: ({ offeredAt }) => offeredAt,
  RINGING: ({ participants }) => participants.find(({ role }) => role === 'CALLEE')?.ringingAt,
  CONNECTED: ({ answeredAt }) => answeredAt,
  ENDED: ({ endedAt }) => endedAt,
};

const ROOMY = { timeout: 300_000 };
const isWanted = process.env['TANDEM_LOAD'] === '1';

test.runIf(isWanted)(`${LIVE} live calls, ${PER_SECOND * 4} changes a second`, ROOMY, async () => {
  await using pbx = await openPbx();
  const { kamailio } = pbx.lab;
  const phones = { calls: CALLS };
  await using callees = await startCallees(kamailio.calleePort, { scenario: 'uas', ...phones });
  const rate = ['-r', String(PER_SECOND * 10), '-rp', '10000'];
  const who = ['-s', '0003*211', '-key', 'ani', '40722', '-d', String(TALK_S * 1000)];
  const caller = { scenario: 'uac_timed', args: [...who, ...rate], ...phones } as const;
  await using callers = await startCallers(kamailio.sipPort, caller);

  await pbx.until((heard) => changesTo('ENDED', heard).length === CALLS);

  expect(await Promise.all([callers.content, callees.content])).toEqual([true, true]);
  const states = Object.keys(MOMENTS);
  const counts = states.map((state) => [state, changesTo(state, pbx.heard).length]);
  const lags = lagsOf(pbx.heard).toSorted((a, b) => a - b);
  const percentile = (share: number) => lags[Math.floor(lags.length * share)] ?? 0;
  const [p50, p99, most] = [percentile(0.5), percentile(0.99), lags.at(-1)];
  process.stdout.write(`${lags.length} changes: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms\n`);
  expect(counts).toEqual(states.map((state) => [state, CALLS]));
  expect(p99).toBeLessThan(100);
});

const changesTo = (state: string, heard: readonly Heard[]) =>
  heard.filter(({ call, kind }) => kind === 'STATE' && call.state === state);

/** Milliseconds from the switch to the subscriber, of the minute with so many live calls. */
function lagsOf(heard: readonly Heard[]): number[] {
  const begin = (heard[0]?.at ?? 0) + TALK_S * 1000;
  return heard
    .filter(({ at, kind }) => kind === 'STATE' && at >= begin && at < begin + 60_000)
    .map(({ call, at }) => at - Date.parse(MOMENTS[call.state]?.(call) ?? ''));
}
