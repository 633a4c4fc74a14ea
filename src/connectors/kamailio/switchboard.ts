import { z } from 'zod';
import { type CallRef, type LiveCalls, SwitchError } from '../connector.ts';
import { dialogOf, isOver, LISTED, type Listed } from './dialog.ts';
import type { Evapi, EvapiAnswer } from './evapi.ts';
import type { KnownCalls } from './known-calls.ts';
import { callOf, dialogKeyOf, nativeIdOf } from './translate.ts';

const DONE = z.object({ result: z.unknown() });
const REFUSED = z.object({ error: z.object({ code: z.number(), message: z.string() }) });
const LIST = z.array(LISTED);
const NONE_OR_ONE = LISTED.or(z.strictObject({}).transform(() => null));

/** Kamailio's dialogs, by its own remote procedures. */
export class Switchboard {
  readonly #evapi: Evapi;

  constructor(evapi: Evapi) {
    this.#evapi = evapi;
  }

  /** Runs a procedure and gives its result. */
  async call(method: string, params: readonly (string | number)[] = []): Promise<unknown> {
    return resultOf(method, await this.#rpc(method, params));
  }

  /** Does something to a dialog; false when Kamailio has no such dialog any more. */
  async act(
    { callid, ftag, callee }: Listed,
    act: { readonly op: 'bye-caller' } | { readonly op: 'userdata'; readonly value: string },
  ): Promise<boolean> {
    // Who has not answered has no tag yet; Kamailio compares none then, but wants one.
    const ttag = callee.tag || '-';
    const { code } = await this.#evapi.ask({ ...act, callid, ftag, ttag });
    if (code !== 200 && code !== 404) throw notUnderstood(act.op);
    return code === 200;
  }

  /** The dialog of a call, or null when it is over. */
  async find({ nativeId }: Pick<CallRef, 'nativeId'>): Promise<Listed | null> {
    const key = dialogKeyOf(nativeId);
    const candidates = key ? await this.#findBy(key) : await this.#all();
    const isMeant = (dialog: Listed) => nativeIdOf(dialog) === nativeId && !isOver(dialog);
    return candidates.find(isMeant) ?? null;
  }

  /** All calls that live. */
  async list(known: KnownCalls): Promise<LiveCalls> {
    const answer = await this.#rpc('dlg.list');
    known.enter(answer.epoch);
    const dialogs = listIn(answer)
      .filter((dialog) => !isOver(dialog))
      .flatMap((one) => dialogOf(one) ?? []);
    for (const dialog of dialogs) known.list(nativeIdOf(dialog));
    return { epoch: answer.epoch, calls: dialogs.map((dialog) => callOf(answer.epoch, dialog)) };
  }

  async #findBy({ callid, ftag }: { callid: string; ftag: string }): Promise<readonly Listed[]> {
    const found = await this.call('dlg.dlg_list', [callid, ftag]);
    const { data: dialog } = NONE_OR_ONE.safeParse(found);
    if (dialog === undefined) throw notUnderstood('dlg.dlg_list');
    return dialog ? [dialog] : [];
  }

  async #all(): Promise<readonly Listed[]> {
    return listIn(await this.#rpc('dlg.list'));
  }

  #rpc(method: string, params: readonly (string | number)[] = []): Promise<EvapiAnswer> {
    return this.#evapi.ask({ op: 'rpc', req: { jsonrpc: '2.0', id: 1, method, params } });
  }
}

function listIn(answer: EvapiAnswer): readonly Listed[] {
  const { data: listed } = LIST.safeParse(resultOf('dlg.list', answer));
  if (!listed) throw notUnderstood('dlg.list');
  return listed;
}

function resultOf(method: string, { body }: EvapiAnswer): unknown {
  const { data: refused } = REFUSED.safeParse(body);
  if (refused) throw new SwitchError('SWITCH_ERROR', `${method}: ${refused.error.message}`);
  const { data: done } = DONE.safeParse(body);
  if (!done) throw notUnderstood(method);
  return done.result;
}

/** Kamailio gives nothing when its pv_buffer_size does not hold the answer. */
const notUnderstood = (what: string) =>
  new SwitchError('SWITCH_ERROR', `${what}: no answer that is understood (pv_buffer_size?)`);
