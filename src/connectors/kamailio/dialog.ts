import { z } from 'zod';

/** Seconds and microseconds, as Kamailio prints them: `1795274535.672524`. */
const TIME = z.string().regex(/^\d{9,11}\.\d{1,6}$/);

/** What is absent could not be put into JSON. Text that is not UTF-8 comes in hexadecimal: older phones write Latin-1. */
const TEXT = z
  .string()
  .default('')
  .transform((text) => {
    const [, hex] = /^hex:((?:[0-9a-f]{2})+)$/i.exec(text) ?? [];
    return hex === undefined ? text : Buffer.from(hex, 'hex').toString('latin1');
  });

/** What Kamailio keeps in a dialog for us; empty means that it is not so. */
const KEPT = z.object({
  td_offered: TIME,
  td_ringing: TIME.or(z.literal('')),
  td_answered: TIME.or(z.literal('')),
  td_caller_held: TIME.or(z.literal('')),
  td_callee_held: TIME.or(z.literal('')),
  td_ani: TEXT,
  td_name: TEXT,
  td_dnis: TEXT,
  td_userdata: TEXT,
  /** Whether the operator's configuration vouches for `td_ani`. */
  td_proved: TEXT,
  /** Who has ended it; the phones may still have to answer. */
  td_over: z.enum(['', 'caller', 'callee', 'switch', 'operator']),
});

/** Of a callee that has not answered Kamailio knows nothing. */
const KNOWN = z
  .string()
  .nullable()
  .transform((text) => text ?? '');

/** One end of a dialog. */
const LEG = z.object({
  tag: KNOWN,
  contact: KNOWN,
  cseq: KNOWN,
  route_set: KNOWN,
  socket: KNOWN,
});

/** What Kamailio tells of a change, with the whole call. */
export const TOLD = KEPT.extend({
  ev: z.enum([
    'offered',
    'ringing',
    'answered',
    'hold',
    'resume',
    'userdata',
    'dtmf',
    'ended',
    'failed',
  ]),
  at: TIME,
  epoch: z.string(),
  callid: z.string(),
  ftag: z.string(),
  h_entry: z.number(),
  h_id: z.number(),
  /** The callee's SIP status, none if it gave none: with `failed`. */
  code: z.coerce
    .number()
    .default(0)
    .transform((code) => code || 408)
    .catch(408),
  /** What an INFO said, who sent it, and its number among that one's requests: with `dtmf`. */
  keys: TEXT,
  leg: z.enum(['caller', 'callee']).optional(),
  cseq: z.string().default(''),
});
export type Told = z.infer<typeof TOLD>;

/** A dialog in a list; without our variables it is none of our calls. */
export const LISTED = z
  .object({
    h_entry: z.number(),
    h_id: z.number(),
    'call-id': z.string(),
    from_uri: z.string(),
    to_uri: z.string(),
    /** 1 unconfirmed, 2 early, 3 answered, 4 confirmed, 5 over. */
    state: z.number(),
    caller: LEG,
    callee: LEG,
    variables: z
      .array(z.record(z.string(), z.string()))
      .transform((pairs) => Object.assign({}, ...pairs) as Record<string, string>),
  })
  .transform(({ variables, ...dialog }) => ({
    ...dialog,
    callid: dialog['call-id'],
    ftag: dialog.caller.tag,
    cseq: variables['td_cseq'] ?? '',
    transaction: variables['td_transaction'] ?? '',
    kept: KEPT.safeParse(variables).data ?? null,
  }));
export type Listed = z.infer<typeof LISTED>;

/** What we know of a dialog, told or listed. */
export interface Dialog extends z.infer<typeof KEPT> {
  readonly callid: string;
  readonly ftag: string;
  readonly h_entry: number;
  readonly h_id: number;
}

/** What says that a listed dialog is one of our calls, and all of it. */
export const dialogOf = ({ kept, ...dialog }: Listed): Dialog | null =>
  kept && { ...dialog, ...kept };

/** Whether it was answered: both ends have to be told BYE. */
export const isAnswered = ({ state }: Listed) => state === 3 || state === 4;

/** Whether all is known that a BYE needs; for a moment after the answer it is not. */
export const isConfirmed = ({ state, callee }: Listed) => state === 4 && callee.contact !== '';

/** Whether it is over, and listed for a few seconds still. */
export const isOver = ({ state, kept }: Listed) => state === 5 || (kept?.td_over ?? '') !== '';

/** Microseconds since 1970. */
export function microsOf(time: string): number {
  const [seconds, micros] = time.split('.');
  return Number(seconds) * 1e6 + Number(micros);
}
