/** Where an Asterisk is, and what it is told. */
export interface AsteriskSettings {
  /** Of the HTTP server, with its prefix and without a slash at the end. */
  readonly httpUrl: string;
  readonly ari: Credentials;
  /** The name under which events are subscribed to. */
  readonly app: string;
  readonly ami: Credentials & {
    readonly host: string;
    readonly port: number;
    /** Encrypted, by a certificate that the machine trusts. */
    readonly tls: boolean;
  };
  /** What is dialled to ring an extension; `{number}` stands for its number. */
  readonly endpoint: string;
  /** Where in the dialplan placed and transferred calls go; null means the endpoint's own context. */
  readonly context: string | null;
}

/** A user of one of Asterisk's interfaces. */
export interface Credentials {
  readonly user: string;
  readonly secret: string;
}

const OPTIONS = ['app', 'ami', 'endpoint', 'context'];
const SHAPE = 'ari+http://USER:SECRET@HOST:8088/?app=NAME&ami=USER:SECRET@HOST:5038';

/** Reads such a URL; throws with words for the user, which repeat nothing that may be secret. */
export function settingsFromUrl(url: URL): AsteriskSettings {
  const options = optionsOf(url);
  const unknown = [...options.keys()].filter((key) => !OPTIONS.includes(key));
  if (unknown.length > 0) {
    throw new Error(`Unknown Asterisk option; allowed: ${OPTIONS.join(', ')}`);
  }
  const ari = { user: decoded(url.username), secret: decoded(url.password) };
  const app = options.get('app') ?? 'tandem';
  const endpoint = options.get('endpoint') ?? 'PJSIP/{number}';
  if (!url.hostname || !ari.user || !ari.secret || url.hash !== '') throw malformed();
  if (!/^[\w-]+$/.test(app))
    throw new Error('The `app` of an Asterisk takes letters, digits and -');
  if (!endpoint.includes('{number}')) {
    throw new Error('The `endpoint` of an Asterisk lacks {number}');
  }
  return {
    httpUrl: `${url.protocol.replace('ari+', '')}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    ari,
    app,
    ami: amiOf(options.get('ami')),
    endpoint,
    context: options.get('context') ?? null,
  };
}

/** Not by URLSearchParams, to which a plus sign in a secret is a space. */
function optionsOf({ search }: URL): Map<string, string> {
  const parts = search.slice(1).split('&').filter(Boolean);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('=');
      return end < 0 ? [part, ''] : [part.slice(0, end), decoded(part.slice(end + 1))];
    }),
  );
}

function amiOf(text: string | undefined): AsteriskSettings['ami'] {
  const [, tls, user, secret, name, ipv6, port] =
    /^(tls:(?=[^:]+:))?([^:]+):(.+)@(?:([^@:[\]]+)|\[([\da-f:]+)\])(?::(\d{1,5}))?$/i.exec(
      text ?? '',
    ) ?? [];
  const host = name ?? ipv6;
  if (!user || !secret || !host || /[\r\n]/.test(user + secret)) throw malformed();
  const number = Number(port ?? (tls ? 5039 : 5038));
  if (number < 1 || number > 65_535) throw new Error('The `ami` of an Asterisk has no such port');
  return { user, secret, host, port: number, tls: tls !== undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

const malformed = () =>
  new Error(`An Asterisk's URL is ${SHAPE}, with %XX for special characters in a secret`);
