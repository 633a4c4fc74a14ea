import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { openAmi } from '../../../src/connectors/asterisk/ami-client.ts';
import { CERTIFICATE } from './fake/certificate.ts';
import { startFakeAmi } from './fake/fake-ami.ts';
import { FakeAsterisk } from './fake/fake-asterisk.ts';

const trusted = getCACertificates('default');
afterEach(() => setDefaultCACertificates(trusted));

test.each<[string, boolean, string, string | RegExp]>([
  ['a certificate that is trusted', true, 'localhost', 'open'],
  ['a certificate of another name', true, '127.0.0.1', /LINK_DOWN AMI: .*(altnames|IP)/],
  ['a certificate that nobody trusts', false, 'localhost', /LINK_DOWN AMI: .*certificate/],
])('AMI by TLS with %s', async (_, isTrusted, host, expected) => {
  if (isTrusted) setDefaultCACertificates([...trusted, CERTIFICATE.cert]);
  await using ami = await startFakeAmi(new FakeAsterisk(), 'hush', CERTIFICATE);
  const settings = { host, port: ami.port, user: 'tandem', secret: 'hush', tls: true };

  const outcome = await openAmi(settings).then(
    (client) => {
      client.close();
      return 'open';
    },
    ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
  );

  expect(outcome).toMatch(expected);
  expect(ami.actions).toEqual(expected === 'open' ? ['Login'] : []);
});
