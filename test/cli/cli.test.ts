import { expect, test } from 'vitest';
import { freshHome } from './tandem.ts';

const ACME = [
  { type: 'organization', id: 'acme', name: 'Acme' },
  {
    type: 'user',
    organization: 'acme',
    number: '12',
    username: 'alice',
    password: 'secret',
    accountType: 'USER',
  },
  { type: 'extension', organization: 'acme', number: '0003*210', kind: 'TERMINAL', owner: 'alice' },
]
  .map((record) => `${JSON.stringify(record)}\n`)
  .join('');

const ask = async (url: string, token: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ extensions { nodes { number } } }' }),
  });
  return (await response.json()) as { data: { extensions: { nodes: unknown } } };
};

test('a wrong configuration is one error that names every fault, and ends with 2', async () => {
  await using home = await freshHome();
  const settings = {
    PORT: 'abc',
    RATE_LIMIT: '0',
    CONNECTORS: 'x=foo:',
    DATABASE_URL: 'mysql://x',
    TRUSTED_PROXIES: '10.0.0.0/8,::/0',
  };

  const { code, error } = await home.run(['serve'], { settings });

  expect(code).toBe(2);
  for (const name of Object.keys(settings)) expect(error).toContain(name);
});

test('import and token work before the first start, and beside a running server', async () => {
  await using home = await freshHome();
  await home.run(['import', '-'], { input: ACME });
  const early = (await home.run(['token', 'alice'])).out.trim();
  const { url } = await home.serve('serve');
  const extension = {
    type: 'extension',
    organization: 'acme',
    number: '15000',
    kind: 'QUEUE',
    owner: 'alice',
  };
  const { code } = await home.run(['import', '-'], { input: JSON.stringify(extension) });
  const late = (await home.run(['token', 'alice', '--ttl', '5m'])).out.trim();

  const answers = [await ask(url, early), await ask(url, late)];

  expect(code).toBe(0);
  for (const { data } of answers) {
    expect(data.extensions.nodes).toEqual([{ number: '0003*210' }, { number: '15000' }]);
  }
});

test.each([['token'], ['revoke']])(
  'before the first start `%s` knows nobody, and says so',
  async (command) => {
    await using home = await freshHome();

    const { code, error } = await home.run([command, 'alice']);

    expect(code).toBe(1);
    expect(error).toContain('There is no user named alice.');
  },
);

test('a refused import names its line, ends with 1 and leaves nothing', async () => {
  await using home = await freshHome();
  const input = `${ACME}{"type":"organization","id":"x","name":"X","colour":"red"}\n`;

  const refused = await home.run(['import', '-'], { input });

  expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('line 4') });
  expect(await home.run(['token', 'alice'])).toMatchObject({ code: 1, out: '' });
});

test('a switch is retired when no server runs, and refused beside one', async () => {
  await using home = await freshHome();
  const settings = { CONNECTORS: 'lab=simulator:' };
  const alone = await home.run(['retire', 'lab'], { settings });
  await home.serve('serve');

  const beside = await home.run(['retire', 'lab'], { settings });

  expect(alone).toMatchObject({ code: 0, out: expect.stringContaining('ended now: 0') });
  expect(beside).toMatchObject({ code: 1, error: expect.stringContaining('in use by another') });
});

test('a second server on the same directory is refused at once, and a killed one’s lock is no obstacle', async () => {
  await using home = await freshHome();
  const first = await home.serve('serve');
  const second = await home.run(['serve']);
  first.process.kill('SIGKILL');
  await first.ended;

  const third = await home.serve('serve');

  expect(second).toMatchObject({ code: 1, error: expect.stringContaining('in use by another') });
  expect((await fetch(`${third.url}/ready`)).status).toBe(200);
});

test('the first start of an empty database prints an administrator’s token, later ones none', async () => {
  await using home = await freshHome();
  const first = await home.serve('serve');
  const token = /shown only now: (\S+)/.exec(first.out)?.[1] ?? '';
  const answer = await ask(first.url, token);
  first.process.kill('SIGTERM');
  await first.ended;

  const second = await home.serve('serve');

  expect(answer).toEqual({ data: { extensions: { nodes: [] } } });
  expect(second.out).not.toContain('token');
});

test('a server that is told to stop ends its streams and exits with 0', async () => {
  await using home = await freshHome();
  const { url, process: server, ended } = await home.serve('demo');
  const stream = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      Authorization: 'Bearer demo-alice-token',
    },
    body: JSON.stringify({ query: 'subscription { callChanges { __typename } }' }),
  });

  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let told = '';
  while (reader && !told.includes('CallSnapshot')) told += (await reader.read()).value;

  server.kill('SIGTERM');

  expect(await ended).toMatchObject({ code: 0 });
});

test('a server that is told twice to stop drains all the same', async () => {
  await using home = await freshHome();
  const { process: server, ended } = await home.serve('serve');
  server.stderr?.on('data', (lines) => {
    if (String(lines).includes('"stopping"')) server.kill('SIGINT');
  });

  server.kill('SIGINT');

  const { code, error } = await ended;
  expect(code).toBe(0);
  expect(error.match(/"stopping"/g)).toHaveLength(1);
});

test('the demo refuses an address that others can reach', async () => {
  await using home = await freshHome();

  const { code, error } = await home.run(['demo'], { settings: { HOST: '0.0.0.0' } });

  expect(code).toBe(2);
  expect(error).toContain('loopback');
});
