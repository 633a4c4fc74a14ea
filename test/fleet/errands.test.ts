import { expect, test } from 'vitest';
import { createErrands, doMsFor } from '../../src/fleet/errands.ts';
import { type Mailbox, type Standing, TAKE_MS } from '../../src/fleet/mailbox.ts';
import { createManualClock } from '../connectors/manual-clock.ts';

const HANGUP_MS = 60_000;

test('a hang-up is waited for as long as its switch may take, from the last moment on at which it may begin', async () => {
  const clock = createManualClock();
  let standing: Standing = { is: 'TAKEN' };
  const mailbox: Mailbox = {
    put: async () => {},
    take: async () => [],
    answer: async () => {},
    look: async () => standing,
  };
  const asked = Promise.withResolvers<void>();
  const errands = createErrands({
    ...{ mailbox, clock, ringCommand: () => asked.resolve(), doMs: doMsFor(HANGUP_MS) },
  });
  const command = { connector: 'lab', method: 'hangup', args: [], beginMs: TAKE_MS };
  const outcome = errands.run(command).catch(({ code }: { code: string }) => code);
  await asked.promise;

  await clock.advance(TAKE_MS + HANGUP_MS);
  standing = { is: 'ANSWERED', reply: { result: 'ACCEPTED' } };

  expect(await outcome).toBe('ACCEPTED');
});
