import { importFile } from '../../../src/import/import.ts';
import { startTandem, type TestTandem } from '../../support/tandem.ts';

export const CRM = { client_id: 'demo-crm', client_secret: 'demo-crm-secret' };
export const OTHER = { client_id: 'other', client_secret: 'other-secret' };
export const BACK = 'https://crm.example/back?from=tandem';
export const STATE = '0123456789abcdef';

/** What an app sends for a token of its own. */
export const OWN = { grant_type: 'client_credentials', ...CRM };

/** What it sends for a token, with a code. */
export const ofCode = (code: string) => ({
  ...{ grant_type: 'authorization_code', code, redirect_uri: BACK, ...CRM },
});

/** What it sends for the next token. */
export const renewing = (refresh_token: string) => ({
  grant_type: 'refresh_token',
  refresh_token,
  ...CRM,
});

/** The demo, and a second app of its organization. */
export async function startOauth(settings: Record<string, string> = {}): Promise<TestTandem> {
  const tandem = await startTandem({ demo: true, settings });
  const app = { type: 'app', organization: 'acme', name: 'Other', user: 'olivia' };
  const secrets = { clientId: OTHER.client_id, clientSecret: OTHER.client_secret };
  const line = JSON.stringify({ ...app, ...secrets, redirectUris: ['https://other.example/'] });
  await importFile({ database: tandem.database, lines: linesOf(line) });
  return tandem;
}

async function* linesOf(line: string) {
  yield line;
}

/** Asks for a token with a form, or with a body made by hand. */
export async function askForToken(
  { url }: TestTandem,
  form: Record<string, string> | string,
  { path = '/oauth/token.php', headers = {} as Record<string, string> } = {},
) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(url + path, {
    method: 'POST',
    body,
    headers: { ...type, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

type Parameters = Readonly<Record<string, string>>;

/** What an app asks a browser to open. */
export const asking = (more: Parameters = {}): Parameters => ({
  ...{ response_type: 'code', client_id: CRM.client_id, redirect_uri: BACK, state: STATE },
  ...more,
});

export const openPage = (
  { url }: TestTandem,
  parameters: Parameters,
  headers: Record<string, string> = {},
) =>
  fetch(`${url}/oauth/authorize.php?${new URLSearchParams(parameters)}`, {
    ...{ redirect: 'manual', headers },
  });

/** What a browser keeps of a page. */
export const cookieOf = ({ headers }: Response) =>
  (headers.get('set-cookie') ?? '').split(';')[0] ?? '';

/** Opens the page and fills its form in, as a browser does. */
export async function submit(tandem: TestTandem, parameters: Parameters, filled: Parameters) {
  const page = await openPage(tandem, parameters);
  return fillIn(tandem, page, { cookie: cookieOf(page), ...filled });
}

/** Fills the form of an open page in. */
export async function fillIn(
  tandem: TestTandem,
  page: Response,
  { cookie = '', ...filled }: Parameters,
) {
  const hidden = [...(await page.text()).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(hidden.map(([, name, value]) => [name, value]));
  return send(
    tandem,
    { ...form, username: 'alice', password: 'demo', decision: 'allow', ...filled },
    { cookie },
  );
}

/** Sends the form. */
export const send = ({ url }: TestTandem, form: Parameters, headers: Record<string, string>) =>
  fetch(`${url}/oauth/authorize.php`, {
    ...{ method: 'POST', redirect: 'manual', headers },
    body: new URLSearchParams(form),
  });

/** Where the answer leads, and with which parameters. */
export function landing(response: Response) {
  const url = new URL(response.headers.get('location') ?? 'about:blank');
  return { at: `${url.origin}${url.pathname}`, told: Object.fromEntries(url.searchParams) };
}

/** A fresh code of alice's for the CRM. */
export async function freshCode(tandem: TestTandem, more: Parameters = {}): Promise<string> {
  return landing(await submit(tandem, asking(more), {})).told['code'] ?? '';
}

/** Whether the token opens the door of the legacy paths. */
export async function statusWith({ url }: TestTandem, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/uapi/phoneCalls/@me/@self`, { headers })).status;
}
