import { nameIn } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Element } from './answer.ts';

/** What a call detail record is made of. */
export interface RecordedCall {
  readonly id: string;
  readonly state: string;
  readonly direction: string;
  readonly ani: string | null;
  readonly dnis: string | null;
  readonly offeredAt: string;
  readonly endedAt: string | null;
  readonly disposition: string | null;
  readonly heldForLegal: boolean;
  readonly userData: JsonObject | null;
  readonly identifiers: readonly { readonly scheme: string; readonly value: string }[];
  readonly participants: readonly {
    readonly role: string;
    readonly number: string | null;
    readonly name: string | null;
  }[];
}

/** 0 is in the pages; the others are ours. */
const DIRECTIONS: Readonly<Record<string, string>> = { INTERNAL: '0', INBOUND: '1', OUTBOUND: '2' };

/** As `YYYY-MM-DD hh:mm:ss.SSS` in GMT: users have no time zone here. */
const timeOf = (moment: string | null) => moment?.replace('T', ' ').replace('Z', '') ?? '';

/** The fields of a record that Tandem has data for, in the order of the page (Get Call Information). */
export function fieldsOf(call: RecordedCall): [name: string, value: string][] {
  const { participants, identifiers, disposition } = call;
  const party = (role: string) => participants.find((one) => one.role === role);
  const named = (scheme: string) => identifiers.find((one) => one.scheme === scheme)?.value ?? '';
  return [
    ['ccdr_id', nameIn('VERBA', call)],
    ['native_id', named('NATIVE')],
    ['source_caller_id', party('CALLER')?.number ?? call.ani ?? ''],
    ['source_name', party('CALLER')?.name ?? ''],
    ['destination_caller_id', party('CALLEE')?.number ?? call.dnis ?? ''],
    ['destination_name', party('CALLEE')?.name ?? ''],
    ['start_time', timeOf(call.offeredAt)],
    ['end_time', timeOf(call.endedAt)],
    ['direction_id', DIRECTIONS[call.direction] ?? ''],
    ['cause_id', disposition === null ? '' : disposition === 'ANSWERED' ? '0' : '1'],
    ['conference', participants.length > 2 ? '1' : '0'],
    ['platform_call_id', named('PLATFORM')],
    ['do_not_delete', call.heldForLegal ? '1' : '0'],
    ['meeting_id', named('MEETING')],
  ];
}

/** A record as an element; `state` 1 is a call that has ended. */
export const cdrOf = (call: RecordedCall, more: readonly Element[] = []): Element => ({
  name: 'verbacdr',
  attributes: { state: call.state === 'ENDED' ? '1' : '0' },
  content: [...fieldsOf(call).map(([name, content]) => ({ name, content })), ...more],
});
