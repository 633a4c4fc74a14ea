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

test.each([
  ['nonsense', /not a connector URL; allowed: simulator:/],
  ['skype://user:secret@host', /^Unknown connector "skype:"; allowed: simulator:/],
  ['simulator:?faults=no-such,timeout', /Unknown simulator fault "no-such"; allowed: hangup-ok/],
  ['simulator:?fault=timeout', /Unknown simulator option "fault"; allowed: faults/],
])('the URL %s is refused with what is allowed', (url, message) => {
  const open = () => openConnector(url);

  expect(open).toThrow(message);
});
