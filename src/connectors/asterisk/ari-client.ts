import { z } from 'zod';
import { SwitchError } from '../connector.ts';
import type { AsteriskSettings } from './settings.ts';

const LONGEST_MS = 10_000;

/** What ARI answered; 404, 409 and 412 are answers, too. */
export interface AriAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What is asked of ARI. */
export interface AriRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks ARI; rejects with what the switch's refusal or silence means. */
export type Ari = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  request?: AriRequest,
) => Promise<AriAnswer>;

/** The header that both of ARI's interfaces take. */
export const authorization = ({ ari }: AsteriskSettings) =>
  `Basic ${Buffer.from(`${ari.user}:${ari.secret}`).toString('base64')}`;

/** What a status means on either interface; null when it says nothing in general. */
export function refusalOf(status: number): SwitchError | null {
  const text = {
    401: 'ARI refuses the user or the secret',
    403: 'ARI refuses to write: its user is read_only',
    503: 'ARI is not ready yet',
  }[status];
  return text ? new SwitchError(status === 503 ? 'LINK_DOWN' : 'SWITCH_ERROR', text) : null;
}

/** ARI's REST interface. `over` aborts what is under way. */
export function openAri(settings: AsteriskSettings, over: AbortSignal): Ari {
  const headers = { Authorization: authorization(settings), 'Content-Type': 'application/json' };
  return async (method, path, { query = {}, body } = {}) => {
    const url = `${settings.httpUrl}/ari/${path}?${new URLSearchParams(query)}`;
    const signal = AbortSignal.any([over, AbortSignal.timeout(LONGEST_MS)]);
    const init = { method, headers, signal, redirect: 'error' as const };
    const sent = fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    try {
      const response = await sent;
      return checked({ status: response.status, body: bodyOf(await response.text()) });
    } catch (error) {
      throw error instanceof SwitchError ? error : failureOf(error);
    }
  };
}

const ANSWERS = [404, 409, 412];

function checked(answer: AriAnswer): AriAnswer {
  const { status, body } = answer;
  if ((status >= 200 && status < 300) || ANSWERS.includes(status)) return answer;
  const said = z.object({ message: z.string() }).safeParse(body).data?.message ?? 'no reason given';
  throw refusalOf(status) ?? new SwitchError('SWITCH_ERROR', `ARI says ${status}: ${said}`);
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const NOT_REACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Where no connection came about nothing was done; else nobody knows. */
function failureOf(error: unknown): SwitchError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return NOT_REACHED.includes(code) || code === 'UND_ERR_CONNECT_TIMEOUT'
    ? new SwitchError('LINK_DOWN', `ARI cannot be reached (${code})`, { cause: error })
    : new SwitchError('TIMEOUT', 'ARI gave no answer', { cause: error });
}
