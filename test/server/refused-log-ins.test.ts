import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GatewayError } from '../../src/model/errors.ts';
import { createFailures } from '../../src/server/failures.ts';
import { tellRefusedLogIns } from '../../src/server/refused-log-ins.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function lab() {
  const lines: object[] = [];
  return { lines, tell: tellRefusedLogIns({ warn: (facts: object) => void lines.push(facts) }) };
}

test('the first refused log-in is told at once, and the others of a minute together', () => {
  const { lines, tell } = lab();
  tell('token', '192.0.2.1');
  tell('password', '192.0.2.2');
  tell('password', '192.0.2.2');
  tell('token', '192.0.2.1');

  vi.advanceTimersByTime(60_000);

  expect(lines).toEqual([
    { refused: 1, by: ['token'], from: { '192.0.2.1': 1 }, addresses: 1 },
    {
      ...{ refused: 3, by: ['password', 'token'], addresses: 2 },
      from: { '192.0.2.2': 2, '192.0.2.1': 1 },
    },
  ]);
});

test('after a minute without any, the next one is told at once again', () => {
  const { lines, tell } = lab();
  tell('token', '192.0.2.1');
  vi.advanceTimersByTime(120_000);

  tell('token', '192.0.2.1');

  expect(lines).toHaveLength(2);
});

test('many addresses are counted, and not all of them named', () => {
  const { lines, tell } = lab();
  tell('token', '192.0.2.1');
  for (let n = 0; n < 200; n += 1) tell('token', `198.51.100.${n}`);

  vi.advanceTimersByTime(60_000);

  const [, { from, ...rest } = { from: {} }] = lines as { from: object }[];
  expect(rest).toEqual({ refused: 200, by: ['token'], addresses: 200 });
  expect(Object.keys(from)).toHaveLength(10);
});

test('who brings nothing is nobody who was refused, and who is not tried any more is', async () => {
  vi.useRealTimers();
  const heard: unknown[] = [];
  const { guard } = createFailures(1, (...told) => void heard.push(told));
  const refuse = async () => {
    throw new GatewayError('UNAUTHENTICATED');
  };

  for (const kind of ['none', 'password', 'password', 'token'] as const) {
    await guard(kind, 'here', refuse).catch(() => {});
  }

  expect(heard).toEqual([
    ['password', 'here'],
    ['password', 'here'],
    ['token', 'here'],
  ]);
});
