import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desks, openDesks } from './desks.ts';
import { Desktop } from './desktop.ts';

let desks: Desks;

beforeAll(async () => {
  desks = await openDesks();
  await desks.post('/me', { operationName: 'StartContactCenterSession' }, 'olivia');
});
afterAll(() => desks[Symbol.asyncDispose]());

/** A desktop that is told of olivia's telephones, of which there is nothing to tell meanwhile. */
async function waiting(way: 'long-polling' | 'callback-polling', ext: object) {
  const desktop = new Desktop(desks.url, 'olivia');
  if (way === 'callback-polling') desktop.byScript();
  await desktop.handshake(ext);
  await desktop.subscribe('/v2/me/devices');
  await desktop.connect({ timeout: 0 }, { ack: 0 });
  return desktop;
}

/** Two polls at once, of which either may come first. */
function twoPolls(desktop: Desktop) {
  const polls = [desktop.connect({}, { ack: 1 }), desktop.connect({}, { ack: 1 })];
  return { overtaken: Promise.race(polls), both: Promise.all(polls) };
}

/** Something to be told of. */
let reasons = 0;
const notReady = () => {
  reasons += 1;
  const body = { operationName: 'NotReady', reasonCode: `reason ${reasons}` };
  return desks.post('/me/channels/voice', body, 'olivia');
};

test.each([
  ['long-polling', {}],
  ['long-polling', { ack: true }],
  ['callback-polling', {}],
  ['callback-polling', { ack: true }],
] as const)('a poll that is overtaken is answered at once: %s %o', async (way, ext) => {
  const desktop = await waiting(way, ext);
  const { overtaken, both } = twoPolls(desktop);

  const answer = await overtaken;

  expect(answer).toMatchObject({ successful: true });
  expect(desktop.received).toEqual([]);
  await notReady();
  expect(await both).toMatchObject([{ successful: true }, { successful: true }]);
});

test.each([
  ['long-polling', {}],
  ['long-polling', { ack: true }],
  ['callback-polling', {}],
  ['callback-polling', { ack: true }],
] as const)('nothing is lost or doubled by overtaking: %s %o', async (way, ext) => {
  const desktop = await waiting(way, ext);
  const { overtaken, both } = twoPolls(desktop);
  await overtaken;

  await notReady();

  const acknowledged = (await both).map((reply) => reply?.ext?.ack ?? 0);
  await desktop.connect({ timeout: 0 }, { ack: Math.max(...acknowledged) });
  expect(desktop.received).toMatchObject([{ channel: '/v2/me/devices' }]);
});

/** Asks again and again as it is advised to, and gives how often it was answered. */
async function asking(desktop: Desktop, ms: number) {
  const end = Date.now() + ms;
  let [answers, interval] = [0, 0];
  while (Date.now() < end) {
    const reply = await desktop.connect({}, { ack: 1 });
    answers += 1;
    interval = reply?.advice?.interval ?? interval;
    await sleep(interval);
  }
  return answers;
}

test.each([
  ['long-polling', {}],
  ['callback-polling', { ack: true }],
] as const)('two who poll for one session do not chase each other: %s %o', async (way, ext) => {
  const desktop = await waiting(way, ext);
  const loops = Promise.all([asking(desktop, 1500), asking(desktop, 1500)]);
  await sleep(1600);

  await notReady();

  const [one, other] = await loops;
  expect(one + other).toBeLessThan(8);
});

test.each([[{}], [{ ack: true }]])('who was overtaken once waits no longer: %o', async (ext) => {
  const desktop = await waiting('long-polling', ext);
  const poll = { channel: '/meta/connect', connectionType: 'long-polling' };
  const first = desktop.send({ ...poll, id: 'first' });
  await sleep(200);
  const second = desktop.send({ ...poll, id: 'second' });
  const overtaken = await first;

  await notReady();

  expect(overtaken).toMatchObject([{ advice: { reconnect: 'retry', interval: 1000 } }]);
  expect(await second).toMatchObject([{ advice: { reconnect: 'retry', interval: 0 } }]);
});
