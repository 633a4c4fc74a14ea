import type { Scope } from '../../model/account.ts';
import { GatewayError } from '../../model/errors.ts';
import { authorizeApp } from '../../operations/authorize-app.ts';
import type { Context } from '../../operations/context.ts';
import type { Database } from '../../store/database.ts';
import type { Contexts, Origin } from '../context.ts';
import {
  backTo,
  ConsentFault,
  type ConsentRequest,
  readConsentRequest,
} from './consent-request.ts';
import { isSealed, sealOf } from './forgery.ts';
import { html, pageOf } from './page.ts';

interface Options {
  readonly database: Database;
  readonly contexts: Contexts;
}

/** What the page is shown again for. */
interface Again {
  readonly status: number;
  readonly message: string;
  /** What was filled in already. */
  readonly username?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a user to log in and to let an app act for it; sends it back with a code. */
export const createAuthorizeEndpoint =
  ({ database, contexts }: Options) =>
  async (request: Request, origin: Origin): Promise<Response> => {
    if (!['GET', 'POST'].includes(request.method)) return told('This is for GET and POST.', 405);
    const form = new URLSearchParams(await request.text());
    const parameters = new URLSearchParams([...new URL(request.url).searchParams, ...form]);
    try {
      const asked = await readConsentRequest(database, parameters, origin.peer);
      const decision = form.get('decision');
      if (decision === null) return pageFor(request, asked);
      const open: Decision['open'] = (credentials) => contexts.open(credentials, origin);
      return await decided(request, asked, { form, decision, open });
    } catch (error) {
      if (error instanceof ConsentFault) return faulty(error);
      throw error;
    }
  };

function faulty({ code, request, message }: ConsentFault): Response {
  if (code === null || request === null) return told(message, 400);
  return backTo(request, { error: code, error_description: message });
}

interface Decision {
  readonly form: URLSearchParams;
  readonly decision: string;
  readonly open: (credentials: Parameters<Contexts['open']>[0]) => Promise<Context>;
}

async function decided(
  request: Request,
  asked: ConsentRequest,
  { form, decision, open }: Decision,
): Promise<Response> {
  if (!isSealed(request, form.get('seal') ?? '')) {
    const message = 'This page was too old, or cookies are turned off. Please try again.';
    return pageFor(request, asked, { status: 403, message });
  }
  if (decision !== 'allow') return backTo(asked, { error: 'access_denied' });
  const [username, password] = [form.get('username') ?? '', form.get('password') ?? ''];
  try {
    const isText = !`${username}${password}`.includes('\0');
    const context = await open(
      isText ? { kind: 'password', username, password } : { kind: 'none' },
    );
    // An account of another organization is none here.
    if (context.principal.organizationId !== asked.app.organizationId) {
      throw new GatewayError('UNAUTHENTICATED');
    }
    return backTo(asked, { code: await authorizeApp(context, asked) });
  } catch (error) {
    const again = againFor(error);
    if (!again) throw error;
    return pageFor(request, asked, { ...again, username });
  }
}

function againFor(error: unknown): Again | null {
  if (!(error instanceof GatewayError)) return null;
  if (error.code === 'UNAUTHENTICATED') {
    return { status: 401, message: 'The user name or the password is wrong.' };
  }
  if (error.code !== 'RATE_LIMITED') return null;
  const headers = { 'Retry-After': String(error.retryAfter ?? 60) };
  return { status: 429, message: 'There were too many tries. Please wait a minute.', headers };
}

const MEANS: Readonly<Record<Scope, string>> = {
  READ: 'see your calls',
  CONTROL: 'command your calls',
  MANAGE: 'manage your data',
};

const listed = (parts: readonly string[]) =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);

function pageFor(request: Request, asked: ConsentRequest, again?: Again): Response {
  const { seal, cookie } = sealOf(request);
  const { app, redirectUri, state, codeChallenge, scopes } = asked;
  const target = new URL(redirectUri);
  const hidden = (name: string, value: string | null) =>
    value === null ? '' : html`<input type="hidden" name="${name}" value="${value}">`;
  return pageOf({
    title: `Let ${app.name} in?`,
    status: again?.status ?? 200,
    ...{ cookie, formTarget: target.origin, headers: again?.headers ?? {} },
    body: html`
${again ? html`<p role="alert">${again.message}</p>` : ''}
<p><strong>${app.name}</strong> wants to ${listed(scopes.map((scope) => MEANS[scope]))}, for you.
You will be sent to ${target.host}.</p>
<form method="post" action="/oauth/authorize.php" autocomplete="off">
${hidden('response_type', 'code')}${hidden('client_id', app.clientId)}${hidden('redirect_uri', redirectUri)}
${hidden('state', state)}${hidden('code_challenge', codeChallenge)}${hidden('code_challenge_method', codeChallenge && 'S256')}
${hidden('scope', scopes.join(' '))}${hidden('seal', seal)}
<label>User name <input name="username" autocomplete="username" value="${again?.username ?? ''}"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button>
</form>`,
  });
}

const told = (message: string, status: number) =>
  pageOf({ title: 'This cannot be done', status, body: html`<p role="alert">${message}</p>` });
