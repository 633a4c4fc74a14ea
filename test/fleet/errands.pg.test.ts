import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createErrands } from '../../src/fleet/errands.ts';
import { createLease } from '../../src/fleet/lease.ts';
import { type Mailbox, openMailbox, TAKE_MS } from '../../src/fleet/mailbox.ts';
import { serveCommands } from '../../src/fleet/serve-commands.ts';
import { beginTerm, type Term } from '../../src/fleet/tenure.ts';
import { openDatabase } from '../../src/store/database.ts';
import { callNamed } from '../connectors/scripted-switch.ts';
import { supervise } from '../connectors/supervisor-lab.ts';
import { openCable } from '../faults/cable.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const DO_MS = 1500;
const SECRET = 'a-secret';

let database: FreshDatabase;
let mailbox: Mailbox;
let connector: string;

beforeAll(async () => {
  database = await freshDatabase();
  mailbox = openMailbox(database);
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => {
  connector = `lab-${uuid()}`;
});

/** Somebody new has the switch. */
async function take(): Promise<Term> {
  const lease = createLease();
  lease.renew(performance.now() + 60_000);
  return beginTerm({ database, connector, member: uuid(), lease });
}

/** A hang-up with a secret as its call's name; `asked` resolves when it is in the box. */
function hangUp(on = mailbox) {
  const asked = Promise.withResolvers<void>();
  const errands = createErrands({ mailbox: on, ringCommand: () => asked.resolve(), doMs: DO_MS });
  const args = [{ epoch: 'one', nativeId: SECRET }];
  const command = { connector, method: 'hangup', args, beginMs: TAKE_MS };
  const outcome = errands.run(command).catch(({ code }: { code: string }) => code);
  return { asked: asked.promise, outcome };
}

/** Everything that the box still has of the command. */
const left = async () =>
  JSON.stringify(
    await database.rows(sql`select * from switch_commands where connector = ${connector}`),
  );

test('what nobody takes in time is withdrawn, and nobody can take it any more', async () => {
  const { number } = await take();
  const { outcome } = hangUp();

  const code = await outcome;

  expect(code).toBe('LINK_DOWN');
  expect(await mailbox.take(connector, number)).toEqual([]);
  expect(await left()).toBe('[]');
});

test('what has waited too long is not taken, although its caller has not withdrawn it', async () => {
  const { number } = await take();
  await mailbox.put({ id: uuid(), connector, method: 'hangup', args: [], beginMs: TAKE_MS });
  await wait(TAKE_MS);

  const taken = await mailbox.take(connector, number);

  expect(taken).toEqual([]);
});

test('an owner that dies after it has taken a command leaves it to nobody', async () => {
  const first = await take();
  const { asked, outcome } = hangUp();
  await asked;
  const taken = await mailbox.take(connector, first.number);
  const second = await take();

  const code = await outcome;

  expect(taken).toMatchObject([{ method: 'hangup', args: [{ nativeId: SECRET }] }]);
  expect(code).toBe('TIMEOUT');
  expect(await mailbox.take(connector, second.number)).toEqual([]);
  expect(await left()).not.toContain(SECRET);
});

test('a former owner takes nothing', async () => {
  const former = await take();
  const { number } = await take();
  const { asked } = hangUp();
  await asked;

  const taken = await mailbox.take(connector, former.number);

  expect(taken).toEqual([]);
  expect(await mailbox.take(connector, number)).toHaveLength(1);
});

test('of two that take at once, one gets it', async () => {
  const { number } = await take();
  const { asked } = hangUp();
  await asked;

  const taken = await Promise.all([1, 2, 3].map(() => mailbox.take(connector, number)));

  expect(taken.flat()).toHaveLength(1);
});

test('when the answer is lost, the outcome is not known', async () => {
  const term = await take();
  const { scripted, supervised, clock } = supervise();
  await clock.advance(0);
  let hungUp = 0;
  scripted.script.hangup = async () => {
    hungUp += 1;
    return 'ACCEPTED';
  };
  const dumb = { ...mailbox, answer: async () => {} };
  await using service = serveCommands({
    ...{ mailbox: dumb, ringAnswer: () => {}, connector, term, supervised, onError: () => {} },
  });
  const { asked, outcome } = hangUp();
  await asked;
  service.ring();

  const code = await outcome;

  expect([code, hungUp]).toEqual(['TIMEOUT', 1]);
  expect(await left()).not.toContain(SECRET);
});

test('what comes to its owner when its time is over is not done', async () => {
  const term = await take();
  const { scripted, supervised, clock } = supervise();
  await clock.advance(0);
  scripted.script.hangup = () => expect.fail('It was too late.');
  // As when the process is stopped between taking a command and doing it.
  const slow: Mailbox = {
    ...mailbox,
    async take(...of) {
      const taken = await mailbox.take(...of);
      await wait(TAKE_MS);
      return taken;
    },
  };
  await using service = serveCommands({
    ...{ mailbox: slow, ringAnswer: () => {}, connector, term, supervised, onError: () => {} },
  });
  const { asked, outcome } = hangUp();
  await asked;
  service.ring();

  const code = await outcome;

  expect(code).toBe('LINK_DOWN');
});

test('what the owner cannot do any more because its lease is over is not done', async () => {
  const term = { ...(await take()), isHeld: () => false };
  const { supervised, clock } = supervise();
  await clock.advance(0);
  await using service = serveCommands({
    ...{ mailbox, ringAnswer: () => {}, connector, term, supervised, onError: () => {} },
  });
  const { asked, outcome } = hangUp();
  await asked;
  service.ring();

  const code = await outcome;

  expect(code).toBe('LINK_DOWN');
});

test('the answer is that of the switch, and nothing of it stays', async () => {
  const term = await take();
  const { scripted, supervised, clock } = supervise();
  await clock.advance(0);
  scripted.script.hangup = async ({ nativeId }) =>
    nativeId === callNamed(SECRET).nativeId ? 'ALREADY_ENDED' : 'ACCEPTED';
  await using service = serveCommands({
    ...{ mailbox, ringAnswer: () => {}, connector, term, supervised, onError: () => {} },
  });
  const { asked, outcome } = hangUp();
  await asked;
  service.ring();

  const answer = await outcome;

  expect(answer).toBe('ALREADY_ENDED');
  expect(await left()).toBe('[]');
});

test('a caller that is cut off from Postgres does not know, and learns it when it is back', async () => {
  await take();
  await using cable = await openCable();
  const url = new URL(database.url);
  cable.pointTo(Number(url.port));
  url.port = String(cable.port);
  await using own = openDatabase({ url: url.href, connections: 2 });
  const { asked, outcome } = hangUp(openMailbox(own));
  await asked;
  const mend = cable.cut('REFUSE');
  await wait(TAKE_MS);
  mend();

  const code = await outcome;

  expect(code).toBe('LINK_DOWN');
});

test('a caller that stays cut off does not wait for ever', async () => {
  await take();
  await using cable = await openCable();
  const url = new URL(database.url);
  cable.pointTo(Number(url.port));
  url.port = String(cable.port);
  await using own = openDatabase({ url: url.href, connections: 2 });
  const { asked, outcome } = hangUp(openMailbox(own));
  await asked;
  cable.cut('STALL');

  const code = await outcome;

  expect(code).toBe('TIMEOUT');
});
