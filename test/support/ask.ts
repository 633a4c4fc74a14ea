import type { TestTandem } from './tandem.ts';

/** An error as GraphQL clients see it. */
export interface WireError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What came back over HTTP. */
export interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors: readonly WireError[];
  /** The code of the first error, if there is one. */
  readonly code: unknown;
}

interface Options {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** A user of the demo; null goes without credentials. */
  readonly as?: 'alice' | 'olivia' | 'admin' | 'bob' | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operationName?: string;
}

/** The header by which a user of the demo is known. */
export const bearer = (user: string) => ({ authorization: `Bearer demo-${user}-token` });

/** Sends one operation to a Tandem as a user of the demo. */
export async function ask<Data = Record<string, unknown>>(
  { url }: Pick<TestTandem, 'url'>,
  query: string,
  { variables, as = 'alice', headers, operationName }: Options = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(as && bearer(as)), ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const body = (await response.json()) as { data?: Data | null; errors?: WireError[] };
  const { data, errors = [] } = body;
  const code = errors[0]?.extensions?.['code'];
  return { status: response.status, headers: response.headers, data, errors, code };
}

/** The same, for what must succeed. */
export async function dataOf<Data>(...args: Parameters<typeof ask>): Promise<Data> {
  const { data, errors } = await ask<Data>(...args);
  if (!data || errors.length > 0) throw new Error(`Refused: ${JSON.stringify(errors)}`);
  return data;
}
