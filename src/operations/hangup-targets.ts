import { type CallView, isEnded, type ParticipantView } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { isUuid } from '../model/identifiers.ts';
import { isOf, takesPart } from '../model/left-behind.ts';
import { sameNumber } from '../model/phone-number.ts';
import type { CallShape } from '../model/shape.ts';
import type { Visibility } from '../model/visibility.ts';
import { readPage } from '../store/queries/read.ts';
import type { Context } from './context.ts';
import { type CallReference, findCall } from './find-call.ts';
import { findExtension, ownedBy } from './find-extension.ts';
import { legsAlone, listeningLegsOf } from './leg-alone.ts';
import { isListener } from './leg-to-command.ts';

/** A call to end, or one leg of it. */
export interface Target {
  readonly call: CallView;
  readonly leg: ParticipantView | null;
}

interface Selection extends CallReference {
  readonly owner?: string | null | undefined;
  readonly extension?: string | null | undefined;
  readonly phoneNumber?: string | null | undefined;
  readonly onlyCallIds?: readonly string[] | null | undefined;
}

const SHAPE: CallShape = { participants: { extension: {} } };
/** More live calls than that of one owner are ended by asking again. */
const MOST = 5000;

/**
 * What a hang-up means: one call, or every live call of an extension, or of all the owner's extensions. A
 * number narrows it to that number's leg; a call without such a party is none of them, nor is one that is not among
 * `onlyCallIds`.
 */
export async function targetsOf(context: Context, selection: Selection): Promise<Target[]> {
  const { extension, owner } = selection;
  // Compared with null and not by truth: an empty text is a wrong name, and never means "all".
  const extensionId = given(extension)
    ? (await findExtension(context, extension, { owner })).id
    : null;
  const visibility = await ownedBy(context, owner);
  const calls = await callsOf(context, selection, { extensionId, visibility });
  const { phoneNumber: number } = selection;
  const ownerId = visibility.ownerId ?? context.principal.userId;
  const isTheirs = ({ extension: own }: ParticipantView) =>
    extensionId ? own?.id === extensionId : own?.ownerId === ownerId;
  if (typeof number !== 'string') {
    return calls.flatMap((call) => wholeOr(call, legsAlone(call, isTheirs)));
  }
  const commandsAll = !extensionId && visibility.ownerId === null;
  return calls.flatMap((call) => {
    const leg = legOf(call, number);
    const onlyListens = !commandsAll && listeningLegsOf(call, isTheirs).length > 0;
    // Those who talk are not to be parted by who only listens.
    const mayEnd = leg && (!onlyListens || (isListener(leg) && isTheirs(leg)));
    return mayEnd ? [{ call, leg }] : [];
  });
}

/** These legs of a call; the whole call when there are none. */
const wholeOr = (call: CallView, legs: readonly ParticipantView[]): Target[] =>
  legs.length > 0 ? legs.map((leg) => ({ call, leg })) : [{ call, leg: null }];

async function callsOf(
  context: Context,
  selection: Selection,
  { extensionId, visibility }: { extensionId: string | null; visibility: Visibility },
): Promise<readonly CallView[]> {
  const ids = chosenIn(selection);
  const isChosen = ({ id }: CallView) => ids === null || ids.includes(id);
  if (given(selection.callId) || given(selection.identifier)) {
    const call = await findCall({ ...context, visibility }, selection, SHAPE);
    const { ownerId } = visibility;
    if (!extensionId && ownerId === null) return [call].filter(isChosen);
    const isTheirs = ({ extension }: ParticipantView) =>
      extensionId ? extension?.id === extensionId : extension?.ownerId === ownerId;
    if (extensionId && !legsOf(call).some(isTheirs)) throw new GatewayError('CALL_NOT_FOUND');
    if (!isChosen(call)) return [];
    return theirCall(call, isTheirs, selection.phoneNumber);
  }
  if (!extensionId && !given(selection.owner)) {
    throw new GatewayError('BAD_INPUT', 'Name a call, an extension or an owner.');
  }
  // Without an extension it is one user's: nobody ends a whole organization's calls by saying `@me`.
  const ownerId = extensionId
    ? visibility.ownerId
    : (visibility.ownerId ?? context.principal.userId);
  const { rows } = await readPage(
    context.database,
    {
      of: 'calls',
      shape: SHAPE,
      total: false,
      page: { limit: MOST, backward: false, after: null, before: null },
      filter: {
        ids,
        extensionIds: extensionId ? [extensionId] : null,
        states: ['DIALING', 'RINGING', 'CONNECTED', 'HELD'],
      },
    },
    { ...visibility, ownerId },
  );
  // A call that the extension has left to others goes on between them.
  const isTheirs = ({ extension }: ParticipantView) =>
    extensionId ? extension?.id === extensionId : extension?.ownerId === ownerId;
  return rows.filter((call) => isOf(call, isTheirs));
}

/** The calls that alone may be meant; null: any. What is no id of Tandem's is no call's. */
function chosenIn({ onlyCallIds }: Selection): readonly string[] | null {
  if (!given(onlyCallIds)) return null;
  if (onlyCallIds.length > MOST) {
    throw new GatewayError('BAD_INPUT', `\`onlyCallIds\` must be at most ${MOST}.`);
  }
  return onlyCallIds.filter(isUuid).map((id) => id.toLowerCase());
}

/** The call, unless they have left it: it goes on between the others, who are not theirs to part. */
function theirCall(
  call: CallView,
  isTheirs: (leg: ParticipantView) => boolean,
  number: string | null | undefined,
): CallView[] {
  if (isOf(call, isTheirs)) return [call];
  const isNamed = (leg: ParticipantView) => given(number) && isReachedBy(leg, number);
  // The number has left as well: a second hang-up finds nothing to do.
  if (given(number) && !takesPart(call, isNamed)) return [];
  throw new GatewayError('WRONG_STATE', 'The call goes on between others.');
}

const given = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const legsOf = (call: CallView) => call.participants ?? [];

/** Whether a leg has this number: as the switch says it, or as its extension's. */
export const isReachedBy = ({ number: own, extension }: ParticipantView, number: string) =>
  sameNumber(own, number) || extension?.number === number || extension?.shortNumber === number;

/** The leg with this number; of an ended call any leg will do, for nothing more is asked of it. */
function legOf(call: CallView, number: string): ParticipantView | undefined {
  const named = legsOf(call).filter((leg) => isReachedBy(leg, number));
  if (isEnded(call)) return named[0];
  const live = named.filter(({ state }) => state !== 'ENDED');
  if (live.length > 1) throw new GatewayError('PARTY_AMBIGUOUS');
  return live[0];
}
