import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ringing, startAsterisk } from '../connectors/asterisk/asterisk-lab.ts';
import { dataOf } from '../support/ask.ts';
import { freshHome } from './tandem.ts';

const ACME = [
  { type: 'organization', id: 'acme', name: 'Acme' },
  {
    type: 'user',
    organization: 'acme',
    number: '1',
    username: 'root',
    accountType: 'ORGANIZATION',
  },
  { type: 'extension', organization: 'acme', number: '210', kind: 'TERMINAL', owner: 'root' },
  { type: 'extension', organization: 'acme', number: '211', kind: 'TERMINAL', owner: 'root' },
];

test('a marked call that ends while a killed Tandem is away is gone after it is back', async () => {
  await using home = await freshHome();
  await using phones = await startAsterisk();
  await home.run(['import', '-'], { input: ACME.map((line) => JSON.stringify(line)).join('\n') });
  const token = (await home.run(['token', 'root'])).out.trim();
  const asked = <Data>(url: string, query: string, variables = {}) =>
    dataOf<Data>({ url }, query, {
      as: null,
      headers: { authorization: `Bearer ${token}` },
      variables,
    });
  const settings = { CONNECTORS: `ast=${phones.url}` };
  const calls = async (url: string) => {
    const { calls } = await asked<{ calls: { nodes: { id: string; state: string }[] } }>(
      url,
      '{ calls { nodes { id state } } }',
    );
    return calls.nodes;
  };
  const first = await home.serve('serve', settings);
  while (!(await fetch(`${first.url}/ready`)).ok);
  const { caller } = await ringing(phones);
  while ((await calls(first.url)).length === 0);
  const [call] = await calls(first.url);
  const { deleteCall } = await asked<{ deleteCall: object }>(
    first.url,
    'mutation ($id: ID!) { deleteCall(input: { selector: { callId: $id } }) { outcome } }',
    { id: call?.id },
  );
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');

  phones.asterisk.hangUpPhone(caller);
  const second = await home.serve('serve', settings);
  while ((await calls(second.url)).length > 0);

  expect(deleteCall).toEqual({ outcome: 'MARKED_FOR_DELETION' });
  const audit = '{ auditEntries { nodes { operation dialect userId subjects } } }';
  const { auditEntries } = await asked<{ auditEntries: { nodes: object[] } }>(second.url, audit);
  expect(auditEntries.nodes).toMatchObject([
    {
      operation: 'deleteMarkedCall',
      dialect: 'tandem',
      userId: expect.any(String),
      subjects: [call?.id],
    },
    { operation: 'deleteCall', dialect: 'graphql', subjects: [call?.id] },
  ]);
});
