import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { createVerifyJwt } from '../../src/auth/jwt.ts';
import { freshDatabase } from '../support/database.ts';

const ISSUER = 'https://login.example';
const ORGANIZATION = '00000000-0000-7000-8000-000000000001';
const USER = '00000000-0000-7000-8000-000000000002';

/** An issuer with a JWKS of its own on loopback, and one user whom its tokens may name. */
async function setUp(answering: RequestListener | null = null) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  await database.rows(
    sql`insert into organizations values (${ORGANIZATION}::uuid, 'acme', 'Acme')`,
  );
  await database.rows(sql`insert into users (id, organization_id, number, username, account_type)
    values (${USER}::uuid, ${ORGANIZATION}::uuid, '12', 'alice', 'USER')`);
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }],
  });
  const giveKeys: RequestListener = (_, answer) =>
    answer.setHeader('Content-Type', 'application/json').end(jwks);
  const server = createServer(answering ?? giveKeys);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const jwksUrl = `http://127.0.0.1:${port}/jwks`;
  const verify = createVerifyJwt({ issuer: ISSUER, jwksUrl, audience: 'tandem' });
  const authenticate = createAuthenticate(database, verify);
  const held = stack.move();
  return {
    sign: (claims: { iss?: string; aud?: string; sub?: string; exp?: string; scope?: string }) =>
      new SignJWT({ scope: claims.scope ?? '' })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(claims.iss ?? ISSUER)
        .setAudience(claims.aud ?? 'tandem')
        .setSubject(claims.sub ?? 'alice')
        .setExpirationTime(claims.exp ?? '5m')
        .sign(privateKey),
    ask: (token: string) => authenticate({ kind: 'token', token }, '127.0.0.1'),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

test('a token of the configured issuer is the user that it names, with its scopes and its end', async () => {
  await using issuer = await setUp();
  const token = await issuer.sign({ scope: 'openid read' });

  const principal = await issuer.ask(token);

  expect(principal).toMatchObject({
    userId: USER,
    username: 'alice',
    scopes: ['READ'],
    tokenId: null,
  });
  expect(principal.expiresAt?.getTime()).toBeGreaterThan(Date.now());
});

test.for([
  ['another issuer', { iss: 'https://evil.example' }],
  ['another audience', { aud: 'somebody' }],
  ['an unknown user', { sub: 'mallory' }],
  ['a past end', { exp: '-1m' }],
] as const)('a token with %s is refused', async ([, claims]) => {
  await using issuer = await setUp();
  const token = await issuer.sign(claims);

  const asked = issuer.ask(token);

  await expect(asked).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a token with a changed payload is refused', async () => {
  await using issuer = await setUp();
  const [head, , signature] = (await issuer.sign({})).split('.');
  const payload = Buffer.from(
    JSON.stringify({ iss: ISSUER, sub: 'admin', aud: 'tandem', exp: 4e9 }),
  );

  const asked = issuer.ask([head, payload.toString('base64url'), signature].join('.'));

  await expect(asked).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each([
  ['x.y.z'],
  ['..'],
  [`${btoa('null')}.${btoa('{}')}.`],
  [`${btoa('{"alg":"none"}')}.${btoa('{"sub":"alice","exp":4e9}')}.`],
  [`${btoa('{"alg":"ES256","kid":"two"}')}.${btoa('{"sub":"alice"}')}.AAAA`],
  [`${btoa('{"alg":"RS256","kid":"one"}')}.${btoa('{"sub":"alice"}')}.AAAA`],
  [`${btoa('{"alg":"ES256","kid":"one"}')}.${btoa('[]')}.AAAA`],
  [`${btoa('{"alg":"ES256","kid":"one","crit":["b64"],"b64":false}')}.\ud800.AAAA`],
])('what is no token is refused: %s', async (token) => {
  await using issuer = await setUp();

  const asked = issuer.ask(token);

  await expect(asked).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

const FAULTY: [string, RequestListener][] = [
  ['hangs up', (request) => request.socket.destroy()],
  ['is out of order', (_, answer) => answer.writeHead(503).end()],
  ['says something else', (_, answer) => answer.end('<html>')],
  ['has no keys', (_, answer) => answer.end('{}')],
];

test.each(FAULTY)(
  'when the issuer %s, no token is called wrong for it',
  async (_name, answering) => {
    await using issuer = await setUp(answering);
    const token = await issuer.sign({});

    const asked = issuer.ask(token);

    await expect(asked).rejects.not.toHaveProperty('code');
    await expect(asked).rejects.toThrow('JWT_JWKS_URL');
  },
);
