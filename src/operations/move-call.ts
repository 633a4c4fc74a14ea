import type {
  CallRef,
  Capability,
  SwitchCommands,
  TransferTarget,
} from '../connectors/connector.ts';
import type { CallView, ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { JsonObject } from '../model/json.ts';
import { type CallInput, commandCall } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtension } from './find-extension.ts';
import { legToCommand, selectorOf, talkingLeg } from './leg-to-command.ts';
import { checkHeld, merged } from './stored-user-data.ts';
import { hasUserData } from './switches.ts';
import { mailboxOf, targetOf } from './target-of.ts';
import { checkUserData, pairsOf } from './user-data-rules.ts';

/** A call that is to go to somebody else, or to have somebody else in it. */
export type MoveInput = CallInput & {
  /** An extension in full or short form, or an outside number; none that is in the call. */
  readonly to: string;
  /** Pairs that are attached to the call before. */
  readonly userData?: JsonObject | null | undefined;
};

interface Move {
  readonly commands: SwitchCommands;
  readonly ref: CallRef;
  readonly leg: ParticipantView;
  readonly target: TransferTarget;
}

interface Step {
  readonly operation: string;
  readonly capability: Capability;
  /** The leg whose user moves the call. */
  readonly legOf: (context: Context, call: CallView) => ParticipantView | undefined;
  act(move: Move): ReturnType<SwitchCommands['transfer']>;
  /** Who is meant by `to`; absent, whoever has this number and is not in the call. */
  readonly targetOf?: typeof newcomer;
}

function moveCall(context: Context, input: MoveInput, wanted: Step) {
  const { legOf, act, targetOf: find = newcomer, ...step } = wanted;
  return commandCall(context, input, {
    ...step,
    command: async (commands, ref, call) => {
      const leg = legOf(context, call);
      if (!leg) throw new GatewayError('WRONG_STATE');
      const target = await find(context, call, input.to);
      const patch = patchOf(context, call, input.userData ?? {});
      if (Object.keys(patch).length > 0) await commands.patchUserData(ref, patch);
      return act({ commands, ref, leg, target });
    },
  });
}

type TransferInput = MoveInput & {
  /** Whether `to` is an extension whose owner's voicemail takes the call. */
  readonly toVoicemail?: boolean | null | undefined;
};

/** Puts the other party through to a number, without waiting for an answer there; the caller's own leg leaves. */
export const transferCall = (context: Context, input: TransferInput) =>
  moveCall(context, input, {
    ...(input.toVoicemail && { targetOf: mailboxOf }),
    operation: 'transferCall',
    capability: 'TRANSFER',
    legOf: talkingLeg,
    act: ({ commands, ref, leg, target }) => commands.transfer(ref, selectorOf(leg), target),
  });

/** Rings somebody who joins the call when he answers. */
export const conferenceCall = (context: Context, input: MoveInput) =>
  moveCall(context, input, {
    operation: 'conferenceCall',
    capability: 'CONFERENCE',
    legOf: talkingLeg,
    act: ({ commands, ref, target }) => commands.invite(ref, target),
  });

/** Rings somebody else instead of the caller's own phone. */
export const redirectCall = (context: Context, input: MoveInput) =>
  moveCall(context, input, {
    operation: 'redirectCall',
    capability: 'REDIRECT',
    legOf: (context, call) => legToCommand(context, call, 'RINGING'),
    act: ({ commands, ref, leg, target }) => commands.redirect(ref, selectorOf(leg), target),
  });

/** Whom a number means who is not in the call. */
export async function newcomer(
  context: Context,
  call: CallView,
  to: string,
): Promise<TransferTarget> {
  const { callee, ...target } = await targetOf(context, call.organizationId, to);
  if (callee) requireNew(call, callee);
  return target;
}

/** The phone of the call's organization that a number means, seen or not, and that is not in the call. */
export async function newTerminal(
  context: Context,
  call: CallView,
  to: string,
): Promise<TransferTarget> {
  const { callee, ...target } = await targetOf(context, call.organizationId, to);
  if (!callee) throw new GatewayError('EXTENSION_NOT_FOUND');
  if (callee.kind !== 'TERMINAL') throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  requireNew(call, callee);
  return target;
}

/** The phone of the call's organization that a number means, that the caller may use, and that is not in the call. */
export async function newPhone(
  context: Context,
  call: CallView,
  to: string,
): Promise<TransferTarget> {
  const { organizationId } = call;
  const visibility = { ...context.visibility, organizationId };
  const phone = await findExtension({ ...context, visibility }, to);
  if (phone.kind !== 'TERMINAL') throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  requireNew(call, phone);
  return { to: phone.number, toExtension: true };
}

function requireNew({ participants = [] }: CallView, { id }: ExtensionView): void {
  const isThere = ({ state, extension }: ParticipantView) =>
    state !== 'ENDED' && extension?.id === id;
  if (participants.some(isThere)) {
    throw new GatewayError('BAD_INPUT', '`to` is in the call already.');
  }
}

function patchOf(context: Context, call: CallView, userData: JsonObject): JsonObject {
  if (call.heldForLegal) checkHeld(call.userData ?? {}, userData, 'NOTHING');
  checkUserData(merged(call.userData ?? {}, pairsOf(userData)));
  const isNone = Object.keys(userData).length === 0;
  if (isNone || hasUserData(context.switches, call)) return userData;
  throw new GatewayError('NOT_SUPPORTED', 'This switch keeps no user data.');
}
