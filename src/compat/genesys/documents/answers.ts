import { SCHEMAS } from './schemas.ts';
import { all, ref, string, uri } from './words.ts';

type Named = readonly [attribute: string, schema: object];

const listOf = (schema: object) => ({ type: 'array', items: schema });

/** A resource, or the attributes of it that `fields` asks for. */
const partly = (name: keyof typeof SCHEMAS) => ({
  anyOf: [ref(name), { type: 'object', properties: SCHEMAS[name].properties }],
});

/** Of these there may be many: without `fields` an answer has their addresses alone. */
const LISTS: Readonly<Record<string, Named>> = {
  '/me/devices': ['devices', partly('Device')],
  '/me/channels': ['channels', partly('Channel')],
  '/me/calls': ['calls', partly('Call')],
};

const SINGLES: Readonly<Record<string, Named>> = {
  '/me': ['user', partly('User')],
  '/users/{id}': ['user', partly('User')],
  '/me/devices/{id}': ['device', partly('Device')],
  '/devices/{id}': ['device', partly('Device')],
  '/me/channels/voice': ['channel', partly('Channel')],
  '/me/calls/{id}': ['call', partly('Call')],
};

/** These are small, and given whole whatever is asked for. */
const WHOLE: Readonly<Record<string, Named>> = {
  '/settings/agent-states': ['settings', listOf(ref('AgentState'))],
  '/settings': ['settings', { type: 'array', maxItems: 0 }],
  '/me/settings': ['settings', { type: 'array', maxItems: 0 }],
  '/me/features': ['features', listOf(ref('Feature'))],
  '/diagnostics/version': ['version', string],
};

/** Of these there are none here. */
const EMPTY =
  /^\/(?:me\/)?(skills|interactions|chats|emails|workitems|workbins|services|contacts)$/;

/** Whether `fields` makes no difference to a GET. */
export const isWhole = (path: string): boolean => path in WHOLE;

/** The schema of what a GET gives. Throws for a path that is not described here. */
export function answerAt(path: string): object {
  const single = SINGLES[path] ?? WHOLE[path];
  if (single) return answer(single);
  const list = LISTS[path];
  if (list) {
    const [name, schema] = list;
    return { oneOf: [answer(['uris', listOf(uri)]), answer([name, listOf(schema)])] };
  }
  const [, none] = EMPTY.exec(path) ?? [];
  if (!none) throw new Error(`It is not described what is at ${path}`);
  const nothing = { type: 'array', maxItems: 0 };
  return { oneOf: [answer(['uris', nothing]), answer([none, nothing])] };
}

const answer = ([name, schema]: Named) => all({ statusCode: { const: 0 }, [name]: schema });
