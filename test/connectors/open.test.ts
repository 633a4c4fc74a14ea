import { expect, test } from 'vitest';
import { CAPABILITIES } from '../../src/connectors/connector.ts';
import { openConnector } from '../../src/connectors/open.ts';
import { createCallRecorder } from './call-recorder.ts';

test('a simulator has every capability', () => {
  const connector = openConnector('simulator:');

  expect(connector.kind).toBe('simulator');
  expect([...connector.capabilities]).toEqual(CAPABILITIES);
});

test('a simulator has the faults of its URL', async () => {
  const connector = openConnector('simulator:?faults=duplicate-events,unreachable');

  const link = connector.connect(createCallRecorder());

  await expect(link).rejects.toMatchObject({ code: 'LINK_DOWN' });
});

test('an Asterisk is a connector', () => {
  const connector = openConnector('ari+http://u:s@127.0.0.1:8088/?app=tandem&ami=u:s@127.0.0.1');

  expect(connector.kind).toBe('asterisk');
});

test.each(['kamailio://pbx', 'kamailio://127.0.0.1:8448', 'kamailio://[::1]:8448/'])(
  '%s is a Kamailio, with what it is capable of',
  (url) => {
    const { kind, capabilities } = openConnector(url);

    expect(kind).toBe('kamailio');
    expect([...capabilities]).toEqual(['HANGUP', 'HANGUP_PARTY', 'USER_DATA']);
  },
);

test.each([
  ['kamailio:', /A Kamailio is kamailio:\/\/HOST or/],
  ['kamailio://user:secret@pbx', /A Kamailio is kamailio:\/\/HOST or/],
  ['kamailio://pbx:0', /not a connector URL; .* ports from 1 to 65535$/],
  ['kamailio://pbx:99999', /not a connector URL; .* ports from 1 to 65535$/],
  ['ari+http://u:s@h:8088/?app=a&ami=u:s@h:70000', /^The `ami` of an Asterisk has no such port$/],
  ['nonsense', /not a connector URL; allowed: kamailio:, simulator:/],
  ['skype://user:secret@host', /^Unknown connector "skype:"; allowed: kamailio:, simulator:/],
  ['simulator:?faults=no-such,timeout', /Unknown simulator fault "no-such"; allowed: hangup-ok/],
  ['simulator:?fault=timeout', /Unknown simulator option "fault"; allowed: faults/],
])('the URL %s is refused with what is allowed', (url, message) => {
  const open = () => openConnector(url);

  expect(open).toThrow(message);
});
