import { v7 as uuid } from 'uuid';
import type { CallEnd, SwitchCall } from '../../src/connectors/connector.ts';
import { type AdoptedCall, adopted } from '../../src/connectors/simulator/adopted-call.ts';
import { ended } from '../../src/connectors/simulator/call-state.ts';
import { PLAIN_NUMBERS } from '../../src/model/number-rules.ts';
import { recordCall, type Source } from '../../src/operations/record-call.ts';
import type { Database } from '../../src/store/database.ts';

/** When every call of the tests is offered, unless it says otherwise. */
const OFFERED = '2026-01-02T03:04:05.000Z';

/** The source of what `record` writes: a switch that is called `lab` and keeps user data. */
export const LAB = { connector: 'lab', keepsUserData: true, numbers: PLAIN_NUMBERS };

/** What a switch says of a connected call between two numbers; `partial` says what is different. */
export const switchCall = (
  [from, to]: readonly [string, string],
  partial: Partial<AdoptedCall> & { readonly epoch?: string } = {},
): SwitchCall =>
  adopted(
    {
      nativeId: uuid(),
      parties: [
        { role: 'CALLER', number: from },
        { role: 'CALLEE', number: to },
      ],
      ...partial,
    },
    partial.epoch ?? 'first',
    OFFERED,
  );

/** The same call when it has ended. */
export const endOf = (call: SwitchCall, end: Partial<CallEnd> = {}): SwitchCall =>
  ended(
    call,
    { disposition: 'ANSWERED', by: 'CALLER', q850Cause: 16, ...end },
    '2026-01-02T03:05:05.000Z',
  );

/** Writes what a switch says of a call. */
export const record = (database: Database, call: SwitchCall, source: Source = LAB) =>
  database.transaction((tx) => recordCall(tx, source, call));
