import { expect, test } from 'vitest';
import type { Principal } from '../../src/auth/principal.ts';
import { forgetPrincipal, rememberRecent } from '../../src/auth/recent.ts';
import { GatewayError } from '../../src/model/errors.ts';

const TOKEN = { kind: 'token', token: 't' } as const;

/** A memory over a door that counts who goes through it, with a clock of the test's. */
function remembering({
  expiresAt = null,
  refused = false,
}: Partial<Principal> & { refused?: boolean }) {
  const state = { now: 0, looks: 0 };
  const authenticate = rememberRecent(
    async () => {
      state.looks += 1;
      if (refused) throw new GatewayError('UNAUTHENTICATED');
      return { expiresAt } as Principal; // the memory looks at nothing else
    },
    () => state.now,
  );
  return { authenticate, state };
}

test('a token is looked up once for those who come together or soon after', async () => {
  const { authenticate, state } = remembering({});
  await Promise.all([authenticate(TOKEN, 'a'), authenticate(TOKEN, 'a')]);
  state.now = 299;

  await authenticate(TOKEN, 'a');

  expect(state.looks).toBe(1);
});

test('it is looked up again after a third of a second, from elsewhere, and for another token', async () => {
  const { authenticate, state } = remembering({});
  await authenticate(TOKEN, 'a');
  await authenticate(TOKEN, 'b');
  await authenticate({ kind: 'token', token: 'u' }, 'a');
  state.now = 300;

  await authenticate(TOKEN, 'a');

  expect(state.looks).toBe(4);
});

test('one that has expired meanwhile is looked up again', async () => {
  const { authenticate, state } = remembering({ expiresAt: new Date(100) });
  await authenticate(TOKEN, 'a');
  state.now = 100;

  await authenticate(TOKEN, 'a');

  expect(state.looks).toBe(2);
});

test('one that was revoked in this process is forgotten at once', async () => {
  const { authenticate, state } = remembering({});
  forgetPrincipal(await authenticate(TOKEN, 'a'));

  await authenticate(TOKEN, 'a');

  expect(state.looks).toBe(2);
});

test('a refusal is not remembered, and nor is a password', async () => {
  const { authenticate, state } = remembering({ refused: true });
  const password = { kind: 'password', username: 'u', password: 'p' } as const;
  const tries = [TOKEN, TOKEN, password, password];

  const answers = await Promise.allSettled(tries.map((one) => authenticate(one, 'a')));

  expect(answers.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  expect(state.looks).toBe(3);
});
