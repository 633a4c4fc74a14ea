import type {
  CallRef,
  DiversionOf,
  IsAttended,
  LiveCalls,
  SwitchCall,
  SwitchParty,
} from '../connector.ts';
import type { CallRegister } from './call-register.ts';
import { ended, forwarded, rung } from './call-state.ts';
import { connect, talks } from './one-talk.ts';

const RINGS_AFTER_MS = 200;
const OUTSIDE_ANSWERS_AFTER_MS = 1_000;
const EXTENSION_ANSWERS_AFTER_MS = 6_000;

/** Where telephones ring. */
interface Board {
  list(): LiveCalls;
  now(): string;
  put(call: SwitchCall): void;
  ring(call: SwitchCall, toExtension: boolean): void;
}

/** What telephones do by themselves: they ring or are forwarded, and somebody answers. */
export class Telephones {
  /** Who answers by himself; null plays everybody. */
  isAttended: IsAttended | null = null;
  /** What becomes of calls before a telephone rings; null lets all of them ring. */
  diversionOf: DiversionOf | null = null;
  readonly #board: Board;
  readonly #register: CallRegister;

  constructor(board: Board, register: CallRegister) {
    this.#board = board;
    this.#register = register;
  }

  /** A call that dials rings after a while. */
  ringLater(ref: CallRef, toExtension: boolean): void {
    this.#register.later(ref, RINGS_AFTER_MS, (call) => {
      if (call.state === 'DIALING') this.#ringOut(call, toExtension);
    });
  }

  /** Somebody answers the leg of that index after a while, if it rings then. */
  answerLater(ref: CallRef, index: number, isExtension: boolean): void {
    const patience = isExtension ? EXTENSION_ANSWERS_AFTER_MS : OUTSIDE_ANSWERS_AFTER_MS;
    this.#register.later(ref, patience, (call) => {
      const leg = call.parties[index];
      if (leg?.state !== 'RINGING') return;
      // Who talks answers nobody else by himself.
      if (isExtension && talks(this.#register, { call, leg })) this.answerLater(ref, index, true);
      else if (isExtension && this.isAttended) void this.#answerUnattended(call, leg);
      else connect(this.#board, call, leg);
    });
  }

  #ringOut(call: SwitchCall, toExtension: boolean): void {
    const [, callee] = call.parties;
    if (toExtension && callee && this.diversionOf) void this.#divert(call, callee);
    else this.#board.put(rung(call, this.#board.now()));
  }

  /** Rings when it cannot be known, and when somebody would call himself. */
  async #divert(ref: SwitchCall, callee: SwitchParty): Promise<void> {
    const asked = this.diversionOf?.(callee.number ?? '', ref.organizationId);
    const diversion = await asked?.catch(() => null);
    const call = this.#register.get(ref.nativeId);
    if (call?.state !== 'DIALING') return;
    const [target, at] = [diversion?.forwardTo, this.#board.now()];
    if (target && target.to !== call.ani) {
      this.#board.ring(forwarded(call, callee, target, at), target.toExtension);
    } else if (diversion?.doNotDisturb) {
      this.#board.put(ended(call, { disposition: 'BUSY', by: 'SWITCH', q850Cause: 17 }, at));
    } else this.#board.put(rung(call, at));
  }

  /** The exchange answers for those who are not there; when that cannot be known, it goes on ringing. */
  async #answerUnattended(ref: SwitchCall, { nativeId, number }: SwitchParty): Promise<void> {
    const isThere = await this.isAttended?.(number ?? '', ref.organizationId).catch(() => true);
    const call = isThere ? undefined : this.#register.get(ref.nativeId);
    const leg = call?.parties.find((party) => party.nativeId === nativeId);
    if (!call || leg?.state !== 'RINGING') return;
    // Whoever was free when it was asked may talk by now.
    if (talks(this.#register, { call, leg }))
      this.answerLater(call, call.parties.indexOf(leg), true);
    else connect(this.#board, call, leg);
  }
}
