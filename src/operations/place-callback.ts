import { sql } from 'drizzle-orm';
import type { Capability } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionKind, ExtensionView } from '../model/extension.ts';
import { PLAIN_NUMBERS } from '../model/number-rules.ts';
import { sameNumber } from '../model/phone-number.ts';
import { beginCall, checkManner, type Manner } from './begin-call.ts';
import { runCommand } from './command.ts';
import type { CallReceipt } from './command-call.ts';
import type { Context } from './context.ts';
import { findExtension } from './find-extension.ts';
import { lockCall, logChange } from './log-change.ts';
import { spellingsOf } from './number-spellings.ts';
import { switchOf } from './switch-of.ts';
import { targetOf } from './target-of.ts';

interface Through extends Manner {
  /** `@me`, `@viewer`, `@owner` or a user's number; null means whatever the caller sees. */
  readonly owner?: string | null | undefined;
  /** The extension that makes the call, in full or short form. */
  readonly extension: string;
  /** Whose phone is rung first: an outside number, or an extension of one's own. */
  readonly from: string;
}

export type CallbackInput = Through & {
  /** An extension of the organization in full or short form, or an outside number. */
  readonly to: string;
};

/** Rings somebody by a callback extension, and calls somebody else for him; the call is the extension's. */
export const placeCallback = (context: Context, input: CallbackInput) =>
  runCommand(context, {
    operation: 'placeCallback',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<CallReceipt> => {
      const via = await extensionOfKind(context, input, 'CALLBACK');
      checkManner(input);
      const from = await callerOf(context, via, input, 'CALLBACK');
      const target = await calledBy(context, via, input.to);
      if (sameNumber(target.to, from.from)) {
        throw new GatewayError('BAD_INPUT', '`to` is the same number as `from`.');
      }
      const ends = { ...from, ...target };
      const callId = await beginCall(context, via, { ends, manner: input, needs: 'CALLBACK' });
      touched.push(callId);
      if (!from.fromExtension) await makeIts(context, callId, via);
      return { callId };
    },
  });

/** Rings somebody who is in a conference when he answers. */
export const inviteToConference = (context: Context, input: Through) =>
  runCommand(context, {
    operation: 'inviteToConference',
    scope: 'CONTROL',
    input,
    run: async (touched): Promise<CallReceipt> => {
      const conference = await extensionOfKind(context, input, 'CONFERENCE');
      checkManner(input);
      const from = await callerOf(context, conference, input, 'CONFERENCE_INVITE');
      const ends = { ...from, to: conference.number, toExtension: true };
      const wanted = { ends, manner: input, needs: 'CONFERENCE_INVITE' } as const;
      const callId = await beginCall(context, conference, wanted);
      touched.push(callId);
      return { callId };
    },
  });

/** Whom a callback extension calls; nobody answers there who could be put through to it. */
async function calledBy(context: Context, via: ExtensionView, to: string) {
  const { callee, ...target } = await targetOf(context, via.organizationId, to);
  const meant = callee ? [callee] : await meantBy(context, via, to, 'CALLBACK');
  if (meant.every(({ id }) => id !== via.id) && !sameNumber(target.to, via.number)) return target;
  throw new GatewayError('BAD_INPUT', '`to` is the extension itself.');
}

async function extensionOfKind(
  context: Context,
  { owner, extension }: Through,
  kind: ExtensionKind,
): Promise<ExtensionView> {
  const found = await findExtension(context, extension, { owner });
  if (found.kind !== kind) throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  return found;
}

/** Nobody has a colleague's phone call somebody: an extension must be one that may be commanded. */
async function callerOf(
  context: Context,
  through: ExtensionView,
  { from }: Through,
  needs: Capability,
) {
  const { callee, to } = await targetOf(context, through.organizationId, from, 'from');
  const { ownerId } = context.visibility;
  const meant = callee ? [callee] : await meantBy(context, through, from, needs);
  if (ownerId !== null && meant.some((extension) => extension.ownerId !== ownerId)) {
    throw new GatewayError('EXTENSION_NOT_FOUND', '`from` is an extension of somebody else.');
  }
  if (meant.length > 1) {
    throw new GatewayError('EXTENSION_NOT_FOUND', '`from` may be several extensions.');
  }
  if (meant.some(({ id }) => id === through.id)) {
    throw new GatewayError('BAD_INPUT', '`from` is the extension itself.');
  }
  return { from: to, fromExtension: callee !== undefined };
}

/** The extensions that the switch may ring by a number which is no extension's as it is written. */
async function meantBy(
  context: Context,
  through: ExtensionView,
  number: string,
  needs: Capability,
): Promise<readonly Pick<ExtensionView, 'id' | 'ownerId'>[]> {
  const { numbers = PLAIN_NUMBERS } = (await switchOf(context, through, needs)) ?? {};
  return context.database.rows(sql`select id, owner_id as "ownerId" from extensions
    where organization_id = ${through.organizationId}::uuid and (short_number = ${number}
      or number = any(${sql.param(spellingsOf(numbers, number))}::text[]))`);
}

/** Whose call it is, is for us to say: the switch knows an outside number that it has called, and not for whom. */
const makeIts = ({ database }: Context, callId: string, via: ExtensionView) =>
  database.transaction(async (tx) => {
    await lockCall(tx, callId);
    await tx.rows(sql`update participants set extension_id = ${via.id}::uuid
      where call_id = ${callId}::uuid and role = 'CALLER' and extension_id is null`);
    await tx.rows(sql`update calls set direction = 'OUTBOUND', call_type = 'OUTBOUND'
      where id = ${callId}::uuid`);
    await logChange(tx, callId, ['PARTICIPANTS']);
  });
