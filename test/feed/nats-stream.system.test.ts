import { connect } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { openStream } from '../../src/feed/nats/stream.ts';
import type { Told } from '../../src/feed/nats/told.ts';
import { startNats } from '../support/nats.ts';
import { watchRelays } from '../support/relays.ts';

const EPOCH = '0123456789ab';

const at = (xid: number) => ({ epoch: EPOCH, xid: BigInt(xid), id: 0n });
const head = (xid: number): Told => ({
  ...{ after: at(xid), at: at(xid), change: null, horizon: 0n, blocked: false, leaves: false },
});

test('who does not know that another writes cannot write any more, not even the rest of a batch', async () => {
  await using nats = await startNats();
  const { host, username: user, password: pass } = new URL(nats.url);
  const connection = await connect({ servers: host, user, pass });
  await using relays = await watchRelays(nats.url);
  const first = await openStream(connection, EPOCH);
  await first.tell([head(1)]);
  const second = await openStream(connection, EPOCH);
  await second.tell([head(2)]);

  // Its second message expects as many before it as there are by now.
  const late = first.tell([head(11), head(12), head(13)]);

  await expect(late).rejects.toThrow();
  await expect(first.tell([head(14)])).rejects.toThrow();
  await second.tell([head(3)]);
  const stored = (await relays.stored()).map(({ text }) => JSON.parse(text).at);
  expect(stored).toHaveLength(3);
  expect((await openStream(connection, EPOCH)).from).toEqual(at(3));
  await connection.close();
});
