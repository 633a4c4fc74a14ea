import { sql } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, dataOf } from '../support/ask.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { startTandem, type TestTandem } from '../support/tandem.ts';

let stack: AsyncDisposableStack;
let tandem: TestTandem;
let receiver: Receiver;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const settings = { WEBHOOKS_ALLOW_PRIVATE: '1' };
  tandem = stack.use(await startTandem({ demo: true, settings }));
  receiver = stack.use(await startReceiver());
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  receiver.answer = () => 200;
  await tandem.database.rows(sql`truncate event_deliveries, phone_call_events, webhook_secrets`);
});

interface Delivery {
  readonly id: string;
  readonly callId: string;
  readonly state: string;
  readonly attempts: readonly { status: number | null; error: string | null }[];
  readonly deliveredAt: string | null;
  readonly nextAttemptAt: string | null;
}

const mutate = <Data>(
  field: string,
  type: string,
  input: object,
  selection: string,
  as?: 'olivia',
) =>
  dataOf<Record<string, Data>>(
    tandem,
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
    { variables: { input }, ...(as && { as }) },
  ).then((data) => data[field] as Data);

const makeRule = async (type = 1) => {
  const input = { extension: '210', type, url: receiver.url };
  const selection = 'phoneCallEvent { id suspendedAt deliveries { totalCount } }';
  const { phoneCallEvent } = await mutate<{ phoneCallEvent: { id: string } }>(
    ...(['createPhoneCallEvent', 'CreatePhoneCallEventInput', input, selection] as const),
  );
  return phoneCallEvent.id;
};
const place = async () => {
  const input = { extension: '210', to: '+40722000111' };
  const selection = 'call { id }';
  const made = await mutate<{ call: { id: string } }>(
    ...(['placeCall', 'PlaceCallInput', input, selection] as const),
  );
  return made.call.id;
};
const FIELDS = 'id callId state attempts { status error } deliveredAt nextAttemptAt';
const deliveries = async (id: string, args = '(first: 50)') => {
  const query = `query ($id: ID!) { node(id: $id) { ... on PhoneCallEvent { suspendedAt
    deliveries${args} { totalCount nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } } } }`;
  const { node } = await dataOf<{
    node: {
      suspendedAt: string | null;
      deliveries: { totalCount: number; nodes: Delivery[]; pageInfo: { endCursor: string } };
    };
  }>(tandem, query, { variables: { id } });
  return { ...node.deliveries, suspendedAt: node.suspendedAt };
};
const delivered = (id: string) =>
  expect
    .poll(async () => (await deliveries(id)).nodes.map(({ state }) => state))
    .toEqual(['DELIVERED']);
const suspend = () =>
  tandem.database.rows(sql`with r as (update phone_call_events set suspended_at = now())
    update event_deliveries set state = 'SUSPENDED', due_at = 'infinity'`);

test('a call that is placed is told to the receiver, and its delivery is seen', async () => {
  const rule = await makeRule();
  const before = receiver.received.length;

  const callId = await place();

  await delivered(rule);
  const { nodes, totalCount } = await deliveries(rule);
  expect(totalCount).toBe(1);
  expect(nodes).toMatchObject([
    { callId, attempts: [{ status: 200, error: null }], deliveredAt: expect.any(String) },
  ]);
  expect(nodes[0]?.nextAttemptAt).toBeNull();
  expect(receiver.received.slice(before)).toMatchObject([
    { id: nodes[0]?.id, parameters: { CallFlow: 'OUT', CalledNumber: '+40722000111' } },
  ]);
});

test('what failed shows why, and when it is tried again', async () => {
  const rule = await makeRule();
  receiver.answer = () => 500;

  await place();

  const failed = async () => (await deliveries(rule)).nodes[0]?.attempts.length ?? 0;
  await expect.poll(failed).toBeGreaterThan(0);
  const [delivery] = (await deliveries(rule, '(states: [PENDING])')).nodes;
  expect(delivery).toMatchObject({ state: 'PENDING', nextAttemptAt: expect.any(String) });
  expect(delivery?.attempts[0]).toEqual({ status: 500, error: 'STATUS' });
});

test('deliveries come page by page, the newest first', async () => {
  const rule = await makeRule();
  const [first, second] = [await place(), await place()];
  await expect.poll(async () => (await deliveries(rule)).totalCount).toBe(2);

  const page = await deliveries(rule, '(first: 1)');

  const after = JSON.stringify(page.pageInfo.endCursor);
  const next = await deliveries(rule, `(first: 1, after: ${after})`);
  expect([page, next].map(({ nodes }) => nodes[0]?.callId)).toEqual([second, first]);
});

test('one that was delivered can be sent again, with its id', async () => {
  const rule = await makeRule();
  const before = receiver.received.length;
  await place();
  await delivered(rule);
  const [{ id: deliveryId } = expect.fail()] = (await deliveries(rule)).nodes;

  const { delivery } = await mutate<{ delivery: Delivery }>(
    ...(['redeliverPhoneCallEvent', 'RedeliverPhoneCallEventInput'] as const),
    { deliveryId },
    `delivery { ${FIELDS} }`,
  );

  expect(delivery.id).toBe(deliveryId);
  const again = await receiver.came(before + 2);
  expect(again.slice(before).map(({ id }) => id)).toEqual([deliveryId, deliveryId]);
  await delivered(rule);
});

test('a firing is a node, and says nothing but its name to whoever may not read', async () => {
  const rule = await makeRule();
  const callId = await place();
  await delivered(rule);
  const [{ id } = expect.fail()] = (await deliveries(rule)).nodes;
  const query = `query ($id: ID!) { node(id: $id) { ... on PhoneCallEventDelivery { callId } } }`;
  const { node } = await dataOf<{ node: object }>(tandem, query, { variables: { id } });
  const redeliver = (selection: string) =>
    ask<object>(
      tandem,
      `mutation ($id: ID!) { redeliverPhoneCallEvent(input: { deliveryId: $id }) { delivery { ${selection} } } }`,
      { variables: { id }, as: 'admin' },
    );
  await tandem.database.rows(sql`update tokens set scopes = '{MANAGE}'
    where user_id = (select id from users where username = 'admin')`);

  const answers = [await redeliver('id'), await redeliver('id parameters')];

  expect(node).toEqual({ callId });
  expect(answers[0]?.data).toEqual({ redeliverPhoneCallEvent: { delivery: { id } } });
  expect(answers[1]?.code).toBe('FORBIDDEN');
});

test('a suspended rule says so, and sends all that waits when it is resumed', async () => {
  const rule = await makeRule();
  receiver.answer = () => 500;
  await place();
  await expect.poll(async () => (await deliveries(rule)).totalCount).toBe(1);
  await suspend();
  expect((await deliveries(rule)).suspendedAt).not.toBeNull();
  receiver.answer = () => 200;

  const receipt = await mutate(
    ...(['resumePhoneCallEvent', 'ResumePhoneCallEventInput'] as const),
    { extension: '210', eventId: rule },
    'resumed phoneCallEvent { suspendedAt }',
  );

  expect(receipt).toEqual({ resumed: 1, phoneCallEvent: { suspendedAt: null } });
  await delivered(rule);
});

test('a new secret is shown once, and what is sent is signed by it', async () => {
  const input = { idempotencyKey: 'rotation' };
  const rotate = () =>
    mutate<{ secret: string | null }>(
      ...(['rotateWebhookSecret', 'RotateWebhookSecretInput', input, 'secret', 'olivia'] as const),
    );
  const rule = await makeRule();
  const before = receiver.received.length;

  const [shown, again] = [await rotate(), await rotate()];

  await place();
  await delivered(rule);
  const { body = '', headers = {} } = receiver.received[before] ?? {};
  expect(shown.secret).toMatch(/^whsec_/);
  expect(again.secret).toBeNull();
  const verify = () => new Webhook(shown.secret ?? '').verify(body, headers, { jsonParse: false });
  expect(verify).not.toThrow();
});

test('a user who sees only its own extensions has no secret to change', async () => {
  const query = 'mutation { rotateWebhookSecret(input: {}) { secret } }';

  const { code } = await ask(tandem, query);

  expect(code).toBe('FORBIDDEN');
});

test('what was fired for a call goes with the call', async () => {
  const rule = await makeRule(2);
  receiver.answer = () => 500;
  const callId = await place();
  await mutate('hangupPhoneCall', 'HangupPhoneCallInput', { callId }, 'endedIds');
  await expect.poll(async () => (await deliveries(rule)).totalCount).toBe(1);

  await mutate('deleteCall', 'DeleteCallInput', { selector: { callId } }, 'outcome');

  expect((await deliveries(rule)).totalCount).toBe(0);
});

test('unless it is allowed, no rule leads into a private network', async () => {
  await using strict = await startTandem({ demo: true });
  const create =
    'mutation ($input: CreatePhoneCallEventInput!) { createPhoneCallEvent(input: $input) { phoneCallEvent { id } } }';
  const update =
    'mutation ($input: UpdatePhoneCallEventInput!) { updatePhoneCallEvent(input: $input) { phoneCallEvent { id } } }';
  const rule = { extension: '210', url: 'http://127.0.0.1:9000/hook' };
  const eventId = 'NqeyDRqo4FtabmFj8gNWq3hsiGNYyq';

  const made = await ask(strict, create, { variables: { input: { ...rule, type: 1 } } });
  const changed = await ask(strict, update, { variables: { input: { ...rule, eventId } } });

  expect([made.code, changed.code]).toEqual(['EVENT_URL_NOT_ALLOWED', 'EVENT_URL_NOT_ALLOWED']);
});

test('unless it is allowed, nothing is sent into private networks, whatever the rule says', async () => {
  await using strict = await startTandem({ demo: true });
  await using canary = await startReceiver();
  const urls = [canary.url, `http://[::ffff:127.0.0.1]:${canary.port}/`, 'http://169.254.169.254/'];
  // As an import lays them, or a name server may mean them: by the API none would be made.
  for (const [n, url] of urls.entries()) {
    await strict.database.rows(sql`
      insert into phone_call_events (row_id, organization_id, extension_id, id, type, method, url, status)
      select gen_random_uuid(), organization_id, id, ${`private${n}`}, 1, 'POST', ${url}, 'ENABLED'
      from extensions where number = '0003*210'`);
  }
  const input = { extension: '210', to: '+40722000111' };

  await dataOf(
    strict,
    'mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } } }',
    { variables: { input } },
  );

  const errors = async () => {
    const query =
      '{ phoneCallEvents(type: 1) { nodes { url deliveries { nodes { attempts { error } } } } } }';
    const { phoneCallEvents } = await dataOf<{
      phoneCallEvents: { nodes: { url: string; deliveries: { nodes: Delivery[] } }[] };
    }>(strict, query);
    return urls.map(
      (url) =>
        phoneCallEvents.nodes.find((rule) => rule.url === url)?.deliveries.nodes[0]?.attempts[0]
          ?.error,
    );
  };
  await expect.poll(errors).toEqual(urls.map(() => 'PRIVATE_ADDRESS'));
  expect(canary.received).toEqual([]);
});
