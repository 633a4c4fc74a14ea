import { isEnded } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { phoneNumber } from '../model/phone-number.ts';
import { type Awaited, type EndWatch, keyOf, watchEnds } from './await-end.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { endOnce } from './end-once.ts';
import type { CallReference } from './find-call.ts';
import { type Target, targetsOf } from './hangup-targets.ts';
import { isDone, isUnknown, judgeHangups, type Outcome } from './judge-hangups.ts';
import { selectorOf } from './leg-to-command.ts';
import { carrierOf, commanding } from './switches.ts';

export interface HangupInput extends CallReference {
  /** `@me`, `@viewer`, `@owner` or a user's number; null means whatever the caller sees. */
  readonly owner?: string | null | undefined;
  /** In full or short form; null means all of the owner's. */
  readonly extension?: string | null | undefined;
  /** End only this number's leg with the extension. */
  readonly phoneNumber?: string | null | undefined;
  /** Of what the others say, only these calls; empty means none, and null all of them. */
  readonly onlyCallIds?: readonly string[] | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Ids of the calls: those that really ended, those that had ended before, and those that live on. */
export type HangupReceipt = {
  readonly ended: readonly string[];
  readonly alreadyEnded: readonly string[];
  readonly failed: readonly string[];
};

const awaitedOf = ({ call, leg }: Target): Awaited => ({
  ...{ callId: call.id, sequence: leg?.sequence ?? null },
});
/** Several legs of a call may be among them. */
const idsOf = (some: readonly Awaited[]) => [...new Set(some.map(({ callId }) => callId))];

/** Ends calls, or one number's leg of them, and awaits their ends: a switch's yes is not believed. */
export const hangupPhoneCall = (context: Context, input: HangupInput) =>
  runCommand(context, {
    operation: 'hangupPhoneCall',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<HangupReceipt> => {
      const number = input.phoneNumber ?? null;
      if (number !== null) phoneNumber(number);
      const ends = await watchEnds(context);
      const targets = await targetsOf(context, input);
      touched.push(...idsOf(targets.map(awaitedOf)));
      const before = targets.filter(({ call }) => isEnded(call)).map(({ call }) => call.id);
      const live = targets.filter(({ call }) => !isEnded(call));
      const byKey = new Map(live.map((target) => [keyOf(awaitedOf(target)), target]));
      const { results, others } = await endOnce([...byKey.keys()], async (keys) => {
        const wanted = keys.flatMap((key) => byKey.get(key) ?? []);
        const outcomes = await end(context, ends, wanted);
        return { outcomes, ended: outcomes.filter(isDone).map(keyOf) };
      });
      const outcomes = results.flatMap((result) => result.outcomes);
      const failures = outcomes.filter((outcome) => !isDone(outcome));
      // "Nothing was done" of one is not said of all while it is not known of another.
      const first = failures.find(isUnknown) ?? failures[0];
      const byOthers = others.flatMap((key) => byKey.get(key)?.call.id ?? []);
      const isNone = failures.length === outcomes.length && byOthers.length === 0;
      if (first?.refusal && isNone) throw first.refusal;
      const failed = idsOf(failures);
      const done = outcomes.filter((one) => !failed.includes(one.callId));
      const meanwhile = [...byOthers, ...idsOf(done.filter(({ wasOver }) => wasOver))];
      return {
        ended: idsOf(done.filter(({ wasOver }) => !wasOver)),
        alreadyEnded: [...before, ...meanwhile],
        failed,
      };
    },
  });

async function end(
  context: Context,
  ends: EndWatch,
  targets: readonly Target[],
): Promise<Outcome[]> {
  const commanded = await Promise.all(targets.map((target) => command(context, target)));
  // A switch that did not answer in time may have done it all the same.
  const open = commanded.filter((outcome) => isDone(outcome) || isUnknown(outcome));
  // That one has had the time in which an end is awaited, already.
  const seen = await ends(open.filter(isDone));
  const unseen = open.filter((outcome) => !seen.has(keyOf(outcome)));
  const truth = await judgeHangups(context, targets, unseen);
  return commanded.map((outcome) =>
    seen.has(keyOf(outcome))
      ? { ...outcome, refusal: null }
      : (truth.get(keyOf(outcome)) ?? outcome),
  );
}

/** Gives the command; a refusal is kept, so that one call's does not hide what became of the others. */
async function command(context: Context, target: Target): Promise<Outcome> {
  const { call, leg } = target;
  const awaited = { ...awaitedOf(target), wasOver: false };
  try {
    const { carrier, ref } = carrierOf(context.switches, call, leg ? 'HANGUP_PARTY' : 'HANGUP');
    const told = await commanding(
      leg ? carrier.commands.hangupParty(ref, selectorOf(leg)) : carrier.commands.hangup(ref),
    );
    return { ...awaited, wasOver: told === 'ALREADY_ENDED', refusal: null };
  } catch (error) {
    if (error instanceof GatewayError) return { ...awaited, refusal: error };
    throw error;
  }
}
