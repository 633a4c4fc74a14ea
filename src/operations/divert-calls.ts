import { type SQL, sql } from 'drizzle-orm';
import type { DiversionOf } from '../connectors/connector.ts';
import { GatewayError } from '../model/errors.ts';
import type { ExtensionView } from '../model/extension.ts';
import type { NumberRules } from '../model/number-rules.ts';
import type { Executor } from '../store/database.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { findOneExtension, type OneExtension } from './find-extension.ts';
import { type ExtensionMatch, matchNumbers } from './match-numbers.ts';
import { onSwitch, spellingsOf } from './number-spellings.ts';
import { switchOf } from './switch-of.ts';
import { targetOf } from './target-of.ts';

/** The id of the telephone. */
export type DeviceReceipt = { readonly extensionId: string };

type DeviceInput = OneExtension & { readonly idempotencyKey?: string | null | undefined };

/** Has calls to a telephone refused as busy, or lets them ring again. */
export const setDoNotDisturb = (context: Context, input: DeviceInput & { readonly on: boolean }) =>
  setDiversion(context, input, {
    operation: 'setDoNotDisturb',
    column: sql`do_not_disturb`,
    valueOf: async () => sql`${input.on}::boolean`,
  });

/** Has calls to a telephone go to another number at once, or lets them ring again. */
export const setForwarding = (
  context: Context,
  input: DeviceInput & { readonly to?: string | null | undefined },
) =>
  setDiversion(context, input, {
    operation: 'setForwarding',
    column: sql`forward_to`,
    valueOf: async (extension) => sql`${await destinationOf(context, extension, input.to)}::text`,
  });

async function destinationOf(
  context: Context,
  { id, organizationId }: ExtensionView,
  number: string | null | undefined,
): Promise<string | null> {
  if (number === null || number === undefined) return null;
  const { callee, to } = await targetOf(context, organizationId, number);
  if (callee?.id !== id) return to;
  throw new GatewayError('BAD_INPUT', 'An extension cannot be forwarded to itself.');
}

interface Step {
  readonly operation: string;
  readonly column: SQL;
  valueOf(extension: ExtensionView): Promise<SQL>;
}

function setDiversion(context: Context, input: DeviceInput, step: Step): Promise<DeviceReceipt> {
  return runCommand(context, {
    operation: step.operation,
    scope: 'CONTROL',
    input,
    run: async (touched, written) => {
      const extension = await findOneExtension(context, input);
      if (extension.kind !== 'TERMINAL') throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
      touched.push(extension.id);
      const value = await step.valueOf(extension);
      if (!(await switchOf(context, extension, 'DIVERT'))) {
        throw new GatewayError('NOT_SUPPORTED', 'No switch of yours can do that.');
      }
      const receipt = await context.database.transaction(async (tx) => {
        await tx.rows(sql`
          insert into diversions (extension_id, organization_id, ${step.column})
          values (${extension.id}::uuid, ${extension.organizationId}::uuid, ${value})
          on conflict (extension_id) do update set ${step.column} = excluded.${step.column}`);
        return written(tx, { extensionId: extension.id });
      });
      if (extension.ownerId !== null) context.agents?.look(extension.ownerId);
      return receipt;
    },
  });
}

interface Candidate extends ExtensionMatch {
  readonly doNotDisturb: boolean | null;
  readonly to: string | null;
  readonly isInside: boolean;
}

/**
 * What a switch is told that asks, before a number rings: as it calls numbers itself. A number that may be of several
 * organizations is nobody's, as its calls are.
 */
export const diversionOf =
  (on: Executor, rules: NumberRules): DiversionOf =>
  async (number, organizationId) => {
    const found = await on.rows<Candidate>(sql`
      select e.id, e.organization_id as "organizationId", e.number, d.do_not_disturb as "doNotDisturb",
        d.forward_to as "to", exists (select from extensions t
          where t.organization_id = d.organization_id and t.number = d.forward_to) as "isInside"
      from extensions e join organizations o on o.id = e.organization_id
        left join diversions d on d.extension_id = e.id
      where e.number = any(${sql.param(spellingsOf(rules, number))}::text[])
        and e.organization_id = coalesce(${organizationId}::uuid, e.organization_id)
        and o.key = coalesce(${rules.organization}::text, o.key)`);
    const match = matchNumbers(rules, [number], found).get(number);
    const extension = found.find((one) => match !== 'AMBIGUOUS' && one.id === match?.id);
    if (!extension) return null;
    const { to, isInside } = extension;
    const target = { to: isInside ? onSwitch(rules, to ?? '') : (to ?? ''), toExtension: isInside };
    return {
      doNotDisturb: extension.doNotDisturb === true,
      forwardTo: to === null ? null : target,
    };
  };
