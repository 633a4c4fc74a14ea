import { fieldsOf } from './fields-of.ts';
import { closeCodeOf, refusalsIn } from './judge.ts';

/** What to show or log of a failure. */
export interface Description {
  readonly code: string;
  readonly message: string;
}

/** Puts a failure that passes into words, whatever client it came by. */
export function describe(error: unknown): Description {
  const close = closeCodeOf(error);
  if (close) return { code: 'CLOSED', message: `The connection was closed with ${close}.` };
  const [refusal] = refusalsIn(error);
  const { code } = fieldsOf(fieldsOf(refusal)['extensions']);
  const { message } = fieldsOf(refusal ?? error);
  return {
    code: typeof code === 'string' ? code : 'BROKEN',
    message: typeof message === 'string' && message ? message : 'The connection is broken.',
  };
}
