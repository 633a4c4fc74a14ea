import { expect, test } from 'vitest';
import { freshHome } from './tandem.ts';

const call = (offeredAt: string) => ({
  ...{
    type: 'call',
    organization: 'acme',
    state: 'ENDED',
    direction: 'INBOUND',
    callType: 'INBOUND',
  },
  ...{ ani: '+40722000111', offeredAt, endedAt: '2026-02-01T00:00:00Z' },
});
const linesOf = (records: readonly object[]) =>
  records.map((one) => JSON.stringify(one)).join('\n');

test('an organization’s records are exported, and only what is new after a position', async () => {
  await using home = await freshHome();
  const acme = { type: 'organization', id: 'acme', name: 'Acme' };
  await home.run(['import', '-'], { input: linesOf([acme, call('2026-01-01T00:00:00Z')]) });
  const first = await home.run(['export']);
  const { position } = JSON.parse(first.out);
  await home.run(['import', '-'], { input: linesOf([call('2025-01-01T00:00:00Z')]) });

  const second = await home.run(['export', '--organization', 'acme', '--after', position]);
  const csv = await home.run(['export', '--format', 'csv']);
  const wrong = [
    await home.run(['export', '--organization', 'nobody']),
    await home.run(['export', '--format', 'xml']),
    await home.run(['export', '--after', 'x']),
  ];
  const { out: anchor } = await home.run(['audit', 'anchor']);

  expect(JSON.parse(second.out)).toMatchObject({ offeredAt: '2025-01-01T00:00:00.000Z' });
  expect(csv.out.trim().split('\r\n')).toHaveLength(3);
  // Of each of the three exports its begin and its end.
  expect(JSON.parse(anchor)).toMatchObject({ sequence: 6 });
  expect(wrong.map(({ code, out }) => [code, out])).toEqual(Array(3).fill([1, '']));
});
