import type { ErrorCode } from '../model/errors.ts';

/** What the kernel itself refuses, before any document is run. */
const KERNEL_CODES = {
  NO_ROUTE: 'There is no such operation at this path and method.',
  OPERATION_MISSING: 'The request does not name its operation.',
  PARAMETER_MISSING: 'A required parameter is missing.',
  OPERATION_UNKNOWN: 'There is no operation of this name.',
  INTERNAL: 'Internal error.',
} as const;

type KernelCode = keyof typeof KERNEL_CODES;

/** Every way in which a legacy request can be refused. A dialect has words for each. */
export type RefusalCode = ErrorCode | KernelCode;

/** One refusal, to be put into a dialect's words. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For people; may leave the process. */
  readonly message: string;
}

/** Thrown by a dialect for what no code of the schema says. */
export class Refused extends Error implements Refusal {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal in the kernel's own words. */
export const refusalOf = (code: KernelCode): Refusal => ({ code, message: KERNEL_CODES[code] });
