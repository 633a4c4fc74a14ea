import { type OauthApp, saveConsent } from '../auth/oauth.ts';
import { newSecret } from '../model/secret.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';

/** How long a code waits for its app (VoipNow, Obtain Authorization). */
const CODE_LASTS_MS = 10 * 60_000;

interface Consent {
  readonly app: OauthApp;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
}

/** Lets an app act for the principal, who has just logged in; gives the code with which it fetches its token. */
export async function authorizeApp(
  context: Context,
  { app, redirectUri, codeChallenge }: Consent,
): Promise<string> {
  const code = newSecret();
  await runCommand(context, {
    operation: 'authorizeApp',
    scope: 'READ',
    input: {},
    run: async (touched, written) => {
      touched.push(app.id);
      const { userId, organizationId, scopes } = context.principal;
      return context.database.transaction(async (tx) => {
        const expiresAt = new Date(Date.now() + CODE_LASTS_MS).toISOString();
        const grant = { userId, organizationId, scopes, appId: app.id };
        await saveConsent(tx, code, { ...grant, redirectUri, codeChallenge, expiresAt });
        return written(tx, { appId: app.id });
      });
    },
  });
  return code;
}
