import { type OauthApp, saveConsent } from '../auth/oauth.ts';
import type { Scope } from '../model/account.ts';
import { newSecret } from '../model/secret.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';

/** How long a code waits for its app (VoipNow, Obtain Authorization). */
const CODE_LASTS_MS = 10 * 60_000;

interface Consent {
  readonly app: OauthApp;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  /** What it is allowed, as far as the principal is. */
  readonly scopes: readonly Scope[];
}

/** Lets an app act for the principal, who has just logged in; gives the code with which it fetches its token. */
export async function authorizeApp(
  context: Context,
  { app, redirectUri, codeChallenge, scopes: asked }: Consent,
): Promise<string> {
  const code = newSecret();
  await runCommand(context, {
    operation: 'authorizeApp',
    scope: 'READ',
    input: {},
    run: async (touched, written) => {
      touched.push(app.id);
      const { userId, organizationId } = context.principal;
      return context.database.transaction(async (tx) => {
        const expiresAt = new Date(Date.now() + CODE_LASTS_MS).toISOString();
        const scopes = asked.filter((scope) => context.principal.scopes.includes(scope));
        const grant = { userId, organizationId, scopes, appId: app.id };
        await saveConsent(tx, code, { ...grant, redirectUri, codeChallenge, expiresAt });
        return written(tx, { appId: app.id });
      });
    },
  });
  return code;
}
