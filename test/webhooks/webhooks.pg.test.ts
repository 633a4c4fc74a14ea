import { sql } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SwitchCall } from '../../src/connectors/connector.ts';
import { createGuardedRequest } from '../../src/webhooks/guarded-request.ts';
import { startWebhooks, type Webhooks } from '../../src/webhooks/webhooks.ts';
import { eachStore } from '../support/database.ts';
import { layOrganization, type TestOrganization } from '../support/organization.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { layRules } from '../support/rules.ts';
import { endOf, record, switchCall } from '../support/switch-call.ts';

const OUTSIDE = '0722000111';

eachStore((database) => {
  let stack: AsyncDisposableStack;
  let acme: TestOrganization;
  let front: string;
  let receiver: Receiver;
  let warned: object[];

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    acme = await layOrganization(database());
    front = acme.numbers.front;
    receiver = stack.use(await startReceiver());
    warned = [];
  });
  afterEach(() => stack.disposeAsync());

  const start = (timeoutMs = 2000, allowPrivate = true): Webhooks =>
    stack.use(
      startWebhooks({
        database: database(),
        send: createGuardedRequest({ allowPrivate, timeoutMs }),
        log: { warn: (facts) => warned.push(facts) },
        onError: (error) => warned.push({ error }),
      }),
    );
  const rules = (url = receiver.url, partial: Partial<Parameters<typeof layRules>[2]> = {}) =>
    layRules(database(), acme, { number: front, url, ...partial });
  const ringing = () => switchCall([OUTSIDE, front], { state: 'RINGING' });
  const say = (call: SwitchCall) => record(database(), call);
  const deliveries = () =>
    database().rows<{ id: string; state: string; attempts: object[]; held: boolean }>(sql`
      select id, state, attempts, due_at = 'infinity' as held from event_deliveries
      where organization_id = ${acme.id}::uuid order by position`);
  /** Resolves when the deliveries are so; looks again and again, for nothing tells of them. */
  const until = (isSo: (rows: Awaited<ReturnType<typeof deliveries>>) => boolean) =>
    expect.poll(async () => isSo(await deliveries()), { timeout: 20_000, interval: 50 }).toBe(true);
  const areDelivered = (rows: readonly { state: string }[]) =>
    rows.length > 0 && rows.every(({ state }) => state === 'DELIVERED');
  /** As if the firings had been tried in vain for a day and more. */
  const age = () =>
    database().rows(sql`update event_deliveries set retrying_since = now() - interval '25 hours', due_at = now()
      where organization_id = ${acme.id}::uuid`);

  test('a firing is delivered as a form, with the id that it has', async () => {
    await rules();
    await say(ringing());

    start();

    const [request] = await receiver.came(1);
    await until(areDelivered);
    const [delivery] = await deliveries();
    expect(request).toMatchObject({ id: delivery?.id, method: 'POST', path: '/hook' });
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.parameters).toMatchObject({ CallerIDNum: OUTSIDE, CallStatus: 'CALLING' });
    expect(delivery?.attempts).toEqual([
      { at: expect.any(String), status: 200, error: null, durationMs: expect.any(Number) },
    ]);
  });

  test('by GET the parameters follow the query that the rule has', async () => {
    await rules(`${receiver.url}?tenant=a%20b&x`, { method: 'GET' });
    await say(ringing());

    start();

    const [request] = await receiver.came(1);
    expect(request?.path).toMatch(/^\/hook\?tenant=a%20b&x&CallID=[0-9a-f]{32}&CallerIDNum=/);
    expect([request?.method, request?.body]).toEqual(['GET', '']);
  });

  test('the signature is that of Standard Webhooks, by the secret and by the one before it', async () => {
    const secrets = [
      'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
      'whsec_YWJjZGVmMDEyMzQ1Njc4OTAxMjM0NTY3',
    ];
    await database().rows(sql`insert into webhook_secrets (organization_id, secret, previous)
      values (${acme.id}::uuid, ${secrets[0]}, ${secrets[1]})`);
    await rules();
    await say(ringing());

    start();

    const [{ body, headers } = expect.fail()] = await receiver.came(1);
    for (const secret of secrets) {
      const verify = () => new Webhook(secret).verify(body, headers, { jsonParse: false });
      expect(verify).not.toThrow();
    }
  });

  test('after two failures the third try comes within seconds, with the same id', async () => {
    await rules();
    receiver.answer = () => (receiver.received.length < 3 ? 503 : 204);
    const from = performance.now();
    await say(ringing());

    start();

    const requests = await receiver.came(3);
    expect(performance.now() - from).toBeLessThan(15_000);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(1);
    await until(areDelivered);
    expect((await deliveries())[0]?.attempts).toMatchObject([
      { status: 503, error: 'STATUS' },
      { status: 503, error: 'STATUS' },
      { status: 204, error: null },
    ]);
  });

  test('what a call fires waits for what it fired before, and other calls do not', async () => {
    await rules();
    const [slow, quick] = [ringing(), ringing()];
    const bare = slow.nativeId;
    await say(slow);
    await say(endOf(slow));
    const [head] = await deliveries();
    let refused = 0;
    receiver.answer = ({ id }) => (id === head?.id && refused++ < 1 ? 500 : 200);
    await say(quick);

    start();

    await until(areDelivered);
    const ids = (await deliveries()).map(({ id }) => id);
    const order = receiver.received.map(({ id }) => ids.indexOf(id));
    expect(bare).toBeTruthy();
    expect(order.filter((index) => index < 2)).toEqual([0, 0, 1]);
    expect(order.indexOf(2)).toBeLessThan(order.lastIndexOf(0));
  });

  test('a receiver that does not answer holds up no other one', async () => {
    const silent = stack.use(await startReceiver(() => undefined));
    await rules(silent.url);
    for (let n = 0; n < 30; n += 1) await say(ringing());
    await layRules(database(), acme, { number: acme.numbers.boss, url: receiver.url });
    for (let n = 0; n < 30; n += 1) {
      await say(switchCall([OUTSIDE, acme.numbers.boss], { state: 'RINGING' }));
    }
    const from = performance.now();

    start(5000);

    await receiver.came(30);
    expect(performance.now() - from).toBeLessThan(4500);
    expect(silent.received.length).toBeLessThanOrEqual(8);
  });

  test('after a day of failures the rule is suspended, is told of, and holds what it fires', async () => {
    const [rule] = await rules();
    receiver.answer = () => 500;
    await say(ringing());
    await age();

    start();

    await until(([first]) => first?.state === 'SUSPENDED');
    await expect.poll(() => warned).toMatchObject([{ event: rule?.id, error: 'STATUS' }]);
    await say(ringing());
    await until((rows) => rows.length === 2);
    expect((await deliveries())[1]).toMatchObject({ state: 'PENDING', held: true });
  });

  test('a receiver that is gone suspends its rule at once, which holds up no other rule of the call', async () => {
    const [dialIn] = await rules();
    const call = ringing();
    await say(call);
    await say(endOf(call));
    const [head] = await deliveries();
    receiver.answer = ({ id }) => (id === head?.id ? 410 : 200);

    start();

    await until(([gone, next]) => gone?.state === 'SUSPENDED' && next?.state === 'DELIVERED');
    await expect.poll(() => warned).toMatchObject([{ event: dialIn?.id, error: 'STATUS' }]);
    expect((await deliveries())[0]?.attempts).toMatchObject([{ status: 410, error: 'STATUS' }]);
    await say(ringing());
    await until((rows) => rows.length === 3);
    expect((await deliveries())[2]).toMatchObject({ state: 'PENDING', held: true });
  });

  test.each([
    ['410 of its receiver', 410],
    ['a day of failures', 500],
  ])('a suspension is told once, however many firings have come to it by %s', async (_, status) => {
    const [rule] = await rules();
    const all = Promise.withResolvers<void>();
    receiver.answer = (_received, response) => {
      if (receiver.received.length === 4) all.resolve();
      void all.promise.then(() => response.writeHead(status).end());
      return undefined;
    };
    for (let calls = 0; calls < 4; calls += 1) await say(ringing());
    if (status === 500) await age();

    start(5000);

    await until((rows) => rows.length === 4 && rows.every(({ state }) => state === 'SUSPENDED'));
    await expect.poll(() => warned).toMatchObject([{ event: rule?.id }]);
  });

  test('that a receiver is private is told once a rule, by its host alone', async () => {
    const hosts = ['127.0.0.1:9', 'localhost:9'];
    const urls = hosts.map((host) => `http://me:secret@${host}/hook?key=secret`);
    for (const url of urls) await rules(url);
    await say(ringing());
    await say(ringing());

    start(2000, false);

    await until((rows) => rows.every(({ attempts }) => attempts.length > 1));
    const shown = warned
      .map((facts): Record<string, unknown> => ({ ...facts, event: null }))
      .filter(({ organization }) => organization === acme.id);
    const facts = { event: null, organization: acme.id, error: 'PRIVATE_ADDRESS' };
    expect(shown).toHaveLength(2);
    expect(shown).toEqual(expect.arrayContaining(hosts.map((host) => ({ ...facts, host }))));
  });

  test('what was said by a receiver that the rule has no more suspends nothing', async () => {
    const [rule] = await rules();
    const next = stack.use(await startReceiver());
    receiver.answer = (_, response) => {
      const moved = sql`update phone_call_events set url = ${next.url} where row_id = ${rule?.rowId ?? ''}::uuid`;
      void database()
        .rows(moved)
        .then(() => response.writeHead(410).end());
      return undefined;
    };
    await say(ringing());

    start();

    await next.came(1);
    await until(areDelivered);
    expect(warned).toEqual([]);
  });

  test('a receiver that asks for a pause is left alone meanwhile', async () => {
    await rules();
    const came: number[] = [];
    receiver.answer = (_, response) => {
      came.push(performance.now());
      if (came.length > 1) return 200;
      response.writeHead(429, { 'retry-after': '3' }).end();
      return undefined;
    };
    await say(ringing());

    start();

    await until(areDelivered);
    const [first = 0, second = 0] = came;
    expect(second - first).toBeGreaterThan(2900);
  });

  test('what fails after its rule was suspended is held, and holds up no other rule of its call', async () => {
    const [dialIn] = await rules();
    const call = ringing();
    await say(call);
    await say(endOf(call));
    const [head] = await deliveries();
    receiver.answer = ({ id }) => (id === head?.id ? 500 : 200);
    await database().rows(
      sql`update phone_call_events set suspended_at = now() where row_id = ${dialIn?.rowId ?? ''}::uuid`,
    );

    start();

    await until((rows) => rows[1]?.state === 'DELIVERED');
    expect((await deliveries())[0]).toMatchObject({ state: 'PENDING', held: true });
  });

  test('a firing that alone is refused for a day is suspended alone, and its lane goes on', async () => {
    await rules();
    const call = ringing();
    await say(call);
    await say(endOf(call));
    const [poison] = await deliveries();
    receiver.answer = ({ id }) => (id === poison?.id ? 400 : 200);
    const dialIn = sql`select event_row_id from event_deliveries where id = ${poison?.id ?? ''}::uuid`;
    await database().rows(sql`insert into event_deliveries (id, organization_id, event_row_id, call_id, receiver,
      parameters, state, delivered_at) values (gen_random_uuid(), ${acme.id}::uuid, (${dialIn}), gen_random_uuid(), '',
      '{}', 'DELIVERED', now())`);
    await database().rows(sql`update event_deliveries set retrying_since = now() - interval '25 hours'
      where id = ${poison?.id ?? ''}::uuid`);

    start();

    await until((rows) => rows[0]?.state === 'SUSPENDED' && rows[1]?.state === 'DELIVERED');
    const suspended = await database().rows(
      sql`select from phone_call_events where organization_id = ${acme.id}::uuid and suspended_at is not null`,
    );
    expect(suspended).toEqual([]);
  });

  test('what a process had taken when it died is sent after its lease, with the same id', async () => {
    await rules();
    await say(ringing());
    await database().rows(sql`update event_deliveries set tries = 1, due_at = now() + interval '1 second'
      where organization_id = ${acme.id}::uuid`);
    const [delivery] = await deliveries();

    start();

    const [request] = await receiver.came(1);
    expect(request?.id).toBe(delivery?.id);
    await until(areDelivered);
  });

  test('two processes send each firing once', async () => {
    await rules();
    for (let n = 0; n < 40; n += 1) await say(ringing());

    start();
    start();

    await until(areDelivered);
    expect(receiver.received).toHaveLength(40);
  });

  test('a stop gives back what was not answered, and it is sent at once by whoever comes next', async () => {
    await rules();
    receiver.answer = () => undefined;
    await say(ringing());
    const first = start(60_000);
    await receiver.came(1);

    await first[Symbol.asyncDispose]();

    receiver.answer = () => 200;
    start();
    const [before, after] = await receiver.came(2);
    expect(after?.id).toBe(before?.id);
    await until(areDelivered);
    expect((await deliveries())[0]?.attempts).toMatchObject([
      { error: 'STOPPED' },
      { error: null },
    ]);
  });
});
