/** A small organization, and one record of each type, as lines of a file can be. */
export const ORGANIZATION = { type: 'organization', id: 'acme', name: 'Acme' };
export const USER = {
  ...{ type: 'user', organization: 'acme', number: '12', username: 'alice', password: 'secret' },
  accountType: 'USER',
};
export const EXTENSION = {
  ...{ type: 'extension', organization: 'acme', number: '0003*210', kind: 'TERMINAL' },
  ...{ owner: 'alice', label: 'Front desk' },
};
export const APP = {
  ...{ type: 'app', organization: 'acme', name: 'crm', user: 'alice', clientId: 'crm-client' },
  ...{
    clientSecret: 'sesame',
    apiKey: '0F8FAD5B-D9CB-469F-A165-70867728950E',
    requiresToken: false,
  },
  networks: ['127.0.0.0/8', '::1'],
};
export const CALL = {
  ...{ type: 'call', organization: 'acme', state: 'ENDED', direction: 'INBOUND' },
  identifiers: [
    { scheme: 'NATIVE', value: 'TRS26140192' },
    { scheme: 'MEETING', value: 'WHBFM6DD' },
  ],
  ...{ callType: 'INBOUND', ani: '+40722000111', dnis: '0003*210' },
  ...{ offeredAt: '2026-01-02T03:04:05.678+02:00', answeredAt: '2026-01-02T01:04:09Z' },
  ...{ endedAt: '2026-01-02T01:05:00Z', disposition: 'ANSWERED', q850Cause: 16 },
  ...{
    endedBy: 'CALLER',
    recordingState: 'STOPPED',
    userData: { crm: '42', 'naïve "key"': [1, null] },
  },
  participants: [
    { role: 'CALLER', number: '+40722000111', name: 'Ana' },
    { role: 'CALLEE', number: '0003*210', extension: '0003*210' },
    { role: 'OTHER', number: '0003*210' },
  ],
};
export const EVENT = {
  ...{ type: 'phoneCallEvent', organization: 'acme', extension: '0003*210', id: 'NqeyDRqo4F' },
  ...{ eventType: 0, method: 'POST', url: 'https://crm.example/hook', status: 'ENABLED', note: '' },
};

/** The lines of a file: records, or lines as they are. */
export async function* linesFrom(lines: readonly unknown[]): AsyncGenerator<string> {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line);
}
