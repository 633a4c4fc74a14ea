import { GatewayError } from '../model/errors.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { selectorOf, talkers, talkingLeg } from './leg-to-command.ts';
import { newcomer, newTerminal } from './move-call.ts';

/** VoipNow, Park PhoneCalls, `maxInParking`. */
const RETURNS_AFTER_S = 180;
const [SHORTEST_S, LONGEST_S] = [10, 3600];

export type ParkInput = CallInput & {
  /** After how long whoever has parked it is rung again; null means three minutes. */
  readonly returnSeconds?: number | null | undefined;
};

/** Lets the other party wait for anybody who takes it; the caller's own leg leaves. */
export const parkCall = (context: Context, input: ParkInput) =>
  commandCall(context, input, {
    operation: 'parkCall',
    capability: 'PARK',
    command: async (commands, ref, call) => {
      const seconds = input.returnSeconds ?? RETURNS_AFTER_S;
      if (seconds < SHORTEST_S || seconds > LONGEST_S) {
        throw new GatewayError(
          'BAD_INPUT',
          `\`returnSeconds\` takes ${SHORTEST_S} to ${LONGEST_S}.`,
        );
      }
      const leg = talkingLeg(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      return commands.park(ref, selectorOf(leg), seconds);
    },
  });

type UnparkInput = CallInput & {
  readonly to: string;
  /** Whether `to` must be a terminal of the call's organization. */
  readonly onlyTerminal?: boolean | null | undefined;
};

/** Rings somebody who takes a parked call over when he answers. */
export const unparkCall = (context: Context, input: UnparkInput) =>
  commandCall(context, input, {
    operation: 'unparkCall',
    capability: 'PARK',
    command: async (commands, ref, call) => {
      if (!call.participants?.some(({ parkedAt }) => parkedAt)) {
        throw new GatewayError('WRONG_STATE', 'Nobody of the call is parked.');
      }
      // Whoever has listened to the call may take it over.
      const talking = { ...call, participants: talkers(call) };
      const find = input.onlyTerminal ? newTerminal : newcomer;
      return commands.unpark(ref, await find(context, talking, input.to));
    },
  });
