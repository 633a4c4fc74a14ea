import type { Disposition, EndedBy } from '../../model/call.ts';
import type { CallEnd } from '../connector.ts';
import type { CallRecord } from './call-record.ts';
import type { Leg } from './leg.ts';

const BY_CAUSE: Readonly<Record<number, Disposition>> = {
  16: 'CANCELLED',
  17: 'BUSY',
  18: 'NO_ANSWER',
  19: 'NO_ANSWER',
  21: 'REJECTED',
  26: 'CANCELLED',
};

/** DIALSTATUS of app_dial. */
const BY_DIAL_STATUS: Readonly<Record<string, Disposition>> = {
  BUSY: 'BUSY',
  NOANSWER: 'NO_ANSWER',
  CANCEL: 'CANCELLED',
};

/** How a call ended whose last leg has left. */
export function endOf(record: CallRecord): CallEnd {
  const by = enderOf(record);
  const q850Cause = decisiveLeg(record)?.cause || null;
  return { disposition: dispositionOf(record, by, q850Cause), by, q850Cause };
}

function enderOf({ hangup, asked, isMerged }: CallRecord): EndedBy {
  if (isMerged) return 'SWITCH';
  return hangup?.by ?? (asked.size > 0 ? 'OPERATOR' : 'UNKNOWN');
}

/** The leg whose end was the call's. An unanswered call failed at its callee, if at anybody. */
function decisiveLeg({ legs, hangup, answeredAt }: CallRecord): Leg | undefined {
  const named = legs.find(({ id }) => id === hangup?.legId);
  if (named) return named;
  if (answeredAt === null) return legs.slice(1).findLast(({ cause }) => cause) ?? legs[0];
  return legs.find(({ cause }) => cause);
}

function dispositionOf(record: CallRecord, by: EndedBy, cause: number | null): Disposition {
  if (record.answeredAt !== null) return 'ANSWERED';
  if (by === 'OPERATOR' || by === 'CALLER') return 'CANCELLED';
  if (cause !== null && cause !== 16 && BY_CAUSE[cause]) return BY_CAUSE[cause];
  return BY_DIAL_STATUS[record.dialStatus] ?? BY_CAUSE[cause ?? 0] ?? 'FAILED';
}
