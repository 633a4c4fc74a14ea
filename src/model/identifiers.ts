/** The systems in which a call can have a name. */
export const IDENTIFIER_SCHEMES = [
  'NATIVE',
  'PLATFORM',
  'MEETING',
  'VOIPNOW',
  'GENESYS',
  'GENESYS_CONNECTION',
  'VERBA',
  'SIP',
] as const;
export type IdentifierScheme = (typeof IDENTIFIER_SCHEMES)[number];

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether the text is a uuid in its usual form. */
export const isUuid = (text: string) => UUID.test(text);

/** The name that a scheme gives a call which has no recorded one: its uuid, dressed. Null if it gives none. */
export function dressedId(scheme: IdentifierScheme, id: string): string | null {
  if (scheme === 'VERBA') return id;
  const bare = id.replaceAll('-', '');
  if (scheme === 'VOIPNOW') return bare.toLowerCase();
  if (scheme === 'GENESYS') return bare.toUpperCase();
  return null;
}

/** The uuid under a dressed id, or null when the text is not one. */
export function undressedId(scheme: IdentifierScheme, value: string): string | null {
  if (scheme === 'VERBA') return isUuid(value) ? value.toLowerCase() : null;
  const pattern = { VOIPNOW: /^[0-9a-f]{32}$/, GENESYS: /^[0-9A-F]{32}$/ };
  if (scheme !== 'VOIPNOW' && scheme !== 'GENESYS') return null;
  if (!pattern[scheme].test(value)) return null;
  return value.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A call's name in a scheme: the recorded one, else its uuid in that scheme's dress. */
export function nameIn(
  scheme: IdentifierScheme,
  call: {
    readonly id: string;
    readonly identifiers?: readonly { readonly scheme: string; readonly value: string }[];
  },
): string {
  const recorded = call.identifiers?.find((identifier) => identifier.scheme === scheme);
  return recorded?.value ?? dressedId(scheme, call.id) ?? call.id;
}
