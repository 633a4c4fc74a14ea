import type { SwitchCall, SwitchParty } from '../connector.ts';
import { answered, held, isListener, isSamePhone, talkers } from './call-state.ts';

/** Where calls are. */
interface Board {
  list(): { readonly calls: readonly SwitchCall[] };
  put(call: SwitchCall): void;
  now(): string;
}

/** A telephone, by a leg of its own in some call. */
interface Telephone {
  readonly call: Pick<SwitchCall, 'nativeId' | 'organizationId'>;
  readonly leg: SwitchParty;
}

type Talk = readonly [call: SwitchCall, leg: SwitchParty];

/** The other calls in which a telephone talks; organizations may have the same numbers. */
function talksElsewhere(board: Pick<Board, 'list'>, { call, leg }: Telephone): Talk[] {
  if (isListener(leg)) return [];
  const isTheirs = ({ nativeId, organizationId }: SwitchCall) =>
    nativeId !== call.nativeId &&
    (organizationId === null ||
      call.organizationId === null ||
      organizationId === call.organizationId);
  return board
    .list()
    .calls.filter(isTheirs)
    .flatMap((other) =>
      talkers(other)
        .filter((one) => one.state === 'CONNECTED' && isSamePhone(one, leg))
        .map((one) => [other, one] as const),
    );
}

/** Whether whoever is at a telephone is busy with another call. */
export const talks = (board: Pick<Board, 'list'>, telephone: Telephone): boolean =>
  talksElsewhere(board, telephone).length > 0;

/** A telephone talks in one call at a time: when it takes one up, it puts the other one on hold. */
export function holdOthers(board: Board, telephone: Telephone): void {
  for (const [{ nativeId }, leg] of talksElsewhere(board, telephone)) {
    // Who has called himself has two legs in one.
    const call = board.list().calls.find((one) => one.nativeId === nativeId);
    if (call) board.put(held(call, leg, true, board.now()));
  }
}

/** Connects a leg that rings, and the caller who dials: both may talk elsewhere by then. */
export function connect(board: Board, call: SwitchCall, leg: SwitchParty): void {
  const dialling = call.parties.filter(
    ({ role, state }) => role === 'CALLER' && state === 'DIALING',
  );
  for (const one of [leg, ...dialling]) holdOthers(board, { call, leg: one });
  board.put(answered(call, leg, board.now()));
}
