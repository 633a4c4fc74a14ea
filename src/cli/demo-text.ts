import { DEMO_USERS, OAUTH_CLIENT, OAUTH_REDIRECT_URI, VERBA_KEY } from './demo-data.ts';

const CLIENT = `client_id=${OAUTH_CLIENT.clientId}&client_secret=${OAUTH_CLIENT.clientSecret}`;
const REDIRECT = `redirect_uri=${encodeURIComponent(OAUTH_REDIRECT_URI)}`;
const ASKED = `response_type=code&client_id=${OAUTH_CLIENT.clientId}&${REDIRECT}&state=0123456789abcdef`;

/** Settings that change what can be tried. */
interface Settings {
  /** Whether Genesys' requests need a token against forgery. */
  readonly csrf: boolean;
}

/** A request with a password alone; or with the session besides, and the token, that a GET gives. */
const genesysLines = (url: string, { csrf }: Settings) => {
  const operation = `-H 'Content-Type: application/json' -d '{"operationName":"DeleteUserData"}'`;
  const line = `curl -si ${url}/api/v2/me/calls/01RCC3N118B1V0SL807GK2LAES00000R -u alice:demo \\`;
  if (!csrf) return `${line}\n    ${operation}`;
  return `GIVEN=$(curl -si ${url}/api/v2/me -u alice:demo | tr -d '\\r')   # GWS_CSRF=true
  ${line}
    -H "$(echo "$GIVEN" | grep -i '^X-CSRF-TOKEN:')" \\
    -H "$(echo "$GIVEN" | sed -n 's/^Set-\\(Cookie: [^;]*\\).*/\\1/p')" \\
    ${operation}`;
};

/** What the demo prints: where it is, who is there, and what to try. */
export const demoText = (url: string, settings: Settings) => `
Tandem's demo is ready.

  GraphiQL   ${url}/graphql   (open it in a browser; an example is filled in)
  WebSocket  ${url.replace('http', 'ws')}/graphql   (graphql-ws; the token in connectionParams.authorization)
  Health     ${url}/ready

Users, each with the password "demo":
  ${DEMO_USERS.map((name) => `${name.padEnd(7)} Bearer demo-${name}-token`).join('\n  ')}
  (alice: a USER of acme with the phones 0003*210, 8856 and 15000; olivia: the ORGANIZATION acme with the phone 15001,
   the queue 0003*211, the conference 0003*260, the callback 0003*270 and the mailbox 0003*290;
   admin: ADMINISTRATOR; bob: a USER of globex with the phone 0004*210)

Try:
  # GraphQL: the live calls that alice sees
  curl -s ${url}/graphql -H 'Authorization: Bearer demo-alice-token' -H 'Content-Type: application/json' \\
    -d '{"query":"{ calls(filter: { states: [DIALING, RINGING, CONNECTED, HELD] }) { nodes { id state ani dnis } } }"}'

  # GraphQL: follow her calls
  curl -sN ${url}/graphql -H 'Authorization: Bearer demo-alice-token' -H 'Accept: text/event-stream' \\
    -H 'Content-Type: application/json' \\
    -d '{"query":"subscription { callChanges { __typename ... on CallSnapshot { call { ani dnis state } } ... on CallChanged { kind call { ani dnis state } } } }"}'

  # VoipNow: hang up the call with 8887777
  curl -si -X DELETE '${url}/uapi/phoneCalls/@me/0003*210/7d280cc4feae3255a497?phoneNumber=8887777' \\
    -H 'Authorization: Bearer demo-alice-token'

  # VoipNow: a token for an hour, and the calls of alice's phone
  curl -s ${url}/oauth/token.php -d 'grant_type=client_credentials&${CLIENT}'
  curl -s '${url}/uapi/phoneCalls/@me/0003*210/' -H 'Authorization: Bearer demo-alice-token'

  # VoipNow: a token by alice's consent. Open the link and log in as her: the browser is sent to ${new URL(OAUTH_REDIRECT_URI).host}, which is
  # nobody's, and its address has the CODE, which serves once within ten minutes
  ${url}/oauth/authorize.php?${ASKED}
  curl -s ${url}/oauth/token.php -d 'grant_type=authorization_code&${CLIENT}&${REDIRECT}&code=CODE'
  curl -s ${url}/oauth/token.php -d 'grant_type=refresh_token&${CLIENT}&refresh_token=REFRESH_TOKEN'

  # VoipNow: delete a phone call event
  curl -si -X DELETE '${url}/uapi/extensions/@me/0003*210/phoneCallEvents/0/NqeyDRqo4FtabmFj8gNWq3hsiGNYyq' \\
    -H 'Authorization: Bearer demo-alice-token'

  # Genesys: delete a call's user data
  ${genesysLines(url, settings)}

  # Verba: delete the last call of 8856
  curl -si '${url}/verba/api?action=DeleteCall&apiKey=${VERBA_KEY}&token=demo-alice-token&extension=8856&status=last'

Ctrl-C ends it. Its data is laid anew at each start.
`;
