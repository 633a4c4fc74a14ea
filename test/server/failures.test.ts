import { expect, test } from 'vitest';
import { GatewayError } from '../../src/model/errors.ts';
import { createFailures } from '../../src/server/failures.ts';

const refuse = async () => {
  throw new GatewayError('UNAUTHENTICATED');
};
const fault = async () => {
  throw new Error('The database is away.');
};
const right = async () => 'right';

test.each(['password', 'token', 'apiKey', 'appSecret'] as const)(
  'a %s that could not be looked up is no failure',
  async (kind) => {
    const { guard } = createFailures(2);
    const faults = Array.from({ length: 5 }, () => guard(kind, 'here', fault));
    await Promise.allSettled(faults);

    const refused = guard(kind, 'here', refuse);

    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  },
);

test('the failures of one address are not those of another', async () => {
  const { guard } = createFailures(1);
  await guard('password', 'there', refuse).catch(() => {});

  const tried = await Promise.allSettled([
    guard('password', 'here', right),
    guard('password', 'there', right),
  ]);

  expect(tried).toMatchObject([{ value: 'right' }, { reason: { code: 'RATE_LIMITED' } }]);
});

test('a right password in a crowd of wrong ones waits until it is known how many were wrong', async () => {
  const { guard } = createFailures(3);
  const wrong = Promise.withResolvers<never>();
  const crowd = [1, 2].map(() => guard('password', 'here', () => wrong.promise));
  const others = [1, 2, 3, 4].map(() => guard('password', 'here', right));

  wrong.reject(new GatewayError('UNAUTHENTICATED'));

  const refused = { reason: { code: 'UNAUTHENTICATED' } };
  expect(await Promise.allSettled(crowd)).toMatchObject([refused, refused]);
  expect(await Promise.all(others)).toEqual(Array(4).fill('right'));
});
