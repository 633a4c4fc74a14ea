import type { Disposition } from '../../model/call.ts';
import type { CallEnd } from '../connector.ts';
import type { Told } from './dialog.ts';

/** SIP statuses of refused calls: what they mean, and the Q.850 cause that RFC 3398 gives them (8.2.6.1). */
const REFUSED: Readonly<Record<number, readonly [Disposition, number]>> = {
  403: ['REJECTED', 21],
  404: ['FAILED', 1],
  408: ['NO_ANSWER', 102],
  410: ['FAILED', 22],
  480: ['NO_ANSWER', 18],
  484: ['FAILED', 28],
  486: ['BUSY', 17],
  487: ['CANCELLED', 16],
  500: ['FAILED', 41],
  502: ['FAILED', 38],
  503: ['FAILED', 41],
  504: ['FAILED', 102],
  600: ['BUSY', 17],
  603: ['REJECTED', 21],
  604: ['FAILED', 1],
};

const ENDERS = {
  caller: 'CALLER',
  callee: 'CALLEE',
  operator: 'OPERATOR',
  switch: 'SWITCH',
  '': 'UNKNOWN',
} as const;

/** How a call ended, or null when what was told is no end; `isCancelled` when it rang and we have said so. */
export function endOf({ ev, td_over, code }: Told, isCancelled: boolean): CallEnd | null {
  if (ev === 'ended') return { disposition: 'ANSWERED', by: ENDERS[td_over], q850Cause: 16 };
  if (ev !== 'failed') return null;
  // Of a call that we refuse ourselves, because its callee is silent, there is no status: that is read as 408.
  const isOurs = isCancelled && (code === 487 || code === 408);
  const [disposition, q850Cause] = REFUSED[isOurs ? 487 : code] ?? ['FAILED' as const, null];
  if (isOurs) return { disposition, by: 'OPERATOR', q850Cause };
  if (code === 487) return { disposition, by: 'CALLER', q850Cause };
  return { disposition, by: code === 408 ? 'SWITCH' : 'CALLEE', q850Cause };
}
