import type { JsonObject } from '../model/json.ts';

/** Everybody's password in the demo. */
export const DEMO_PASSWORD = 'demo';

/** Users of the demo; their bearer tokens are `demo-<username>-token`. */
export const DEMO_USERS = ['alice', 'olivia', 'admin', 'bob'] as const;

/** Verba's api key and token, as its Delete Call page prints them. */
export const VERBA_KEY = '74c8eea0-50c6-40b2-9f3e-252ed501c3c8';
export const VERBA_TOKEN = '09835e02-6c10-11e0-bb22-ba324924019b';

/** The client of VoipNow's OAuth, which acts for alice. */
export const OAUTH_CLIENT = { clientId: 'demo-crm', clientSecret: 'demo-crm-secret' };

/** Where users are sent back to with a code: a host that is nobody's, so that nobody else ever gets it. */
export const OAUTH_REDIRECT_URI = 'https://crm.example/back?from=tandem';

const user = (organization: string, number: string, username: string, accountType: string) => ({
  type: 'user',
  organization,
  number,
  username,
  accountType,
  password: DEMO_PASSWORD,
});

const extension = (
  number: string,
  owner: string,
  label: string,
  kind = 'TERMINAL',
  organization = 'acme',
) => ({
  type: 'extension',
  organization,
  number,
  kind,
  owner,
  label,
});

const event = (id: string, eventType: number) => ({
  type: 'phoneCallEvent',
  organization: 'acme',
  extension: '0003*210',
  id,
  eventType,
  method: 'POST',
  url: 'https://crm.example/hook',
  status: 'ENABLED',
  note: '',
});

/** The organizations of the demo: what the legacy documents print in their examples, with their own ids. */
export const demoRecords = (now: Date): JsonObject[] => [
  { type: 'organization', id: 'acme', name: 'Acme' },
  { type: 'organization', id: 'globex', name: 'Globex' },
  user('acme', '12', 'alice', 'USER'),
  user('acme', '10', 'olivia', 'ORGANIZATION'),
  user('acme', '1', 'admin', 'ADMINISTRATOR'),
  user('globex', '34', 'bob', 'USER'),
  {
    type: 'app',
    organization: 'acme',
    name: 'recorder',
    user: 'alice',
    apiKey: VERBA_KEY,
    requiresToken: true,
    networks: ['127.0.0.0/8', '::1/128'],
  },
  {
    type: 'app',
    organization: 'acme',
    name: 'Example CRM',
    user: 'alice',
    ...OAUTH_CLIENT,
    redirectUris: [OAUTH_REDIRECT_URI],
  },
  extension('0003*210', 'alice', 'Front desk'),
  extension('8856', 'alice', 'Recorded line'),
  // Genesys, DeleteUserData: the device of the printed notification.
  { ...extension('15000', 'alice', 'Alice'), id: '631608b3-ceb1-472b-ba05-2ae39555b0d1' },
  extension('15001', 'olivia', 'Olivia'),
  extension('0003*211', 'olivia', 'Support queue', 'QUEUE'),
  extension('0003*260', 'olivia', 'Conference', 'CONFERENCE'),
  extension('0003*270', 'olivia', 'Callback', 'CALLBACK'),
  extension('0003*290', 'olivia', 'Mailbox', 'VOICEMAIL'),
  extension('0004*210', 'bob', 'Bob', 'TERMINAL', 'globex'),
  // VoipNow, Delete PhoneCallEvents: the order of the printed answer.
  event('NqeyDRqo4FtabmFj8gNWq3hsiGNYyq', 0),
  event('Asds2qw2frtabmFj8gNWq3hsiGNYyq', 1),
  event('GOp2s68AfgtabmFj8gNWq3hsiGNYyq', 2),
  recordedCall(now),
];

/** Verba, Delete Call: one finished call under all the names of its parameter table. */
function recordedCall(now: Date): JsonObject {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  return {
    type: 'call',
    organization: 'acme',
    identifiers: [
      { scheme: 'VERBA', value: 'a8343631-9f35-4a3a-83f0-9e81592339fb' },
      { scheme: 'PLATFORM', value: '71627389' },
      { scheme: 'NATIVE', value: 'TRS26140192' },
      { scheme: 'MEETING', value: 'WHBFM6DD' },
    ],
    state: 'ENDED',
    direction: 'INBOUND',
    callType: 'INBOUND',
    ani: '+40722000111',
    dnis: '8856',
    offeredAt: ago(30),
    answeredAt: ago(29),
    endedAt: ago(10),
    disposition: 'ANSWERED',
    q850Cause: 16,
    userData: { crm: '42' },
    participants: [
      { role: 'CALLER', number: '+40722000111' },
      { role: 'CALLEE', number: '8856', extension: '8856' },
    ],
  };
}
