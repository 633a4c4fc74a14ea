/** What a request says about who sends it, in the terms of its dialect. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'apiKey';
      readonly apiKey: string;
      readonly token: string | null;
      /** The token is who asks, also where the key needs none: it is to be given back. */
      readonly byToken?: boolean;
      /** Its secrets stand in the URL of the request, as by GET. */
      readonly inUrl?: boolean;
    }
  | {
      readonly kind: 'apiKeyLogin';
      readonly apiKey: string;
      readonly username: string;
      readonly password: string;
      readonly inUrl?: boolean;
    };

/** Reads an `Authorization` header or connection parameter: Bearer or Basic, in any letter case. */
export function credentialsOf(authorization: string | null | undefined): Credentials {
  const [, scheme, rest] = /^\s*(bearer|basic)\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (!scheme || !rest) return { kind: 'none' };
  if (scheme.toLowerCase() === 'bearer') return { kind: 'token', token: rest };
  const text = Buffer.from(rest, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: 'none' };
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}
