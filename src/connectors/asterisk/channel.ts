import { z } from 'zod';
import { SwitchError } from '../connector.ts';

/** The variable that carries a call's user data, as JSON. */
export const USER_DATA = 'USERDATA';
/** The variable that carries the organization of a call that Tandem placed. */
export const ORGANIZATION = 'TANDEM_ORGANIZATION';
/** The variable that says whether a channel's call is being recorded, in the words of the model. */
export const RECORDING = 'TANDEM_RECORDING';
/** How the ids of channels begin that Tandem has made, and so of the calls that it placed. */
export const PLACED = 'tandem-';
/** How the ids of channels begin that Tandem has made to listen: eight more characters, and the call that they hear. */
export const LISTENS = 'listens-';
const LINKED_ID = 'CHANNEL(linkedid)';

const party = z.object({ name: z.string(), number: z.string() });

const channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  /** SIP's Call-ID; from Asterisk 20 on. */
  protocol_id: z.string().optional(),
  caller: party,
  dialplan: z.object({ context: z.string(), exten: z.string() }),
  creationtime: z.string(),
  channelvars: z.record(z.string(), z.string()).optional(),
});

/** One end of a call as ARI has it. */
export type Channel = z.infer<typeof channel>;

const event = z.object({
  type: z.string(),
  timestamp: z.string().optional(),
  channel: channel.optional(),
  /** Of Dial: who is called. */
  peer: channel.optional(),
  dialstatus: z.string().optional(),
  cause: z.number().optional(),
  /** Of a request to hang up: it was made inside Asterisk. */
  soft: z.boolean().optional(),
  variable: z.string().optional(),
  value: z.string().optional(),
  /** What was pressed. */
  digit: z.string().optional(),
});

/** What ARI tells, with the parts that matter here. */
export type AriEvent = z.infer<typeof event>;

/** The event in a message; null when it is none. */
export function parseEvent(message: string): AriEvent | null {
  try {
    return event.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}

/** One channel, as the answer to an originate has it; null when it is none. */
export const parseChannel = (body: unknown): Channel | null => channel.safeParse(body).data ?? null;

/** All channels; throws when the answer is not a list of them. */
export const parseChannels = (body: unknown): Channel[] => z.array(channel).parse(body);

/** The run of Asterisk in an answer of `asterisk/info`; throws when there is none. */
export const parseStartupTime = (body: unknown): string =>
  z.object({ status: z.object({ startup_time: z.string().min(1) }) }).parse(body).status
    .startup_time;

/** The value in the answer to a question for a variable; empty when there is none. */
export const parseValue = (body: unknown): string =>
  z.object({ value: z.string() }).safeParse(body).data?.value ?? '';

/** The linkedid of the call to which a channel listens; null of a channel that talks. */
export const listenedTo = ({ id }: Pick<Channel, 'id'>): string | null =>
  /^listens-[\da-f]{8}-(.+)$/.exec(id)?.[1] ?? null;

/** What the channels of one call have in common. @throws when ari.conf does not tell it. */
export function linkedIdOf({ channelvars }: Channel): string {
  const linkedId = channelvars?.[LINKED_ID];
  if (linkedId) return linkedId;
  const need = `channelvars = ${USER_DATA},${LINKED_ID}`;
  throw new SwitchError('SWITCH_ERROR', `ari.conf lacks ${need}, without which there are no calls`);
}

/** Ends of Asterisk's own inner works, behind which there is nobody. */
const INNER = /^(Local|Snoop|Announcer|Recorder|CBAnn|CBRec|Message|Surrogate|AsyncGoto|Parked)\//;

/** Whether the channel is a party's. */
export const isParty = ({ name }: Channel) => !INNER.test(name);

/** ISO 8601 as the rest of Tandem writes it; Asterisk's has its zone without a colon. */
export function isoTime(time: string): string {
  const parsed = new Date(time.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(parsed.getTime())) throw new Error('Asterisk sent a time that is none');
  return parsed.toISOString();
}
