import { describe, expect, test } from 'vitest';
import { callNamed, endOf } from './scripted-switch.ts';
import { awaitedList, supervise } from './supervisor-lab.ts';

const away = new Error('the database is away');

describe('when no list is taken', () => {
  test('the link says so after three, and can be used still', async () => {
    const onResync = async () => {
      throw away;
    };
    const { scripted, clock, supervised, links } = supervise({ onResync });
    scripted.script.hangup = async () => 'ACCEPTED';

    await clock.advance(10_000);

    expect(supervised).toMatchObject({
      link: 'CONNECTING',
      lastError: expect.stringContaining('cannot be recorded'),
    });
    expect(links).toEqual(['CONNECTING']); // once, for its reason
    expect(await supervised.commands.hangup(callNamed('a'))).toBe('ACCEPTED');
  });

  test('because it cannot be compared, that is told, and another one is asked for', async () => {
    const unchangedOf = async () => {
      throw away;
    };
    const { clock, heard, faults } = supervise({ unchangedOf });
    await clock.advance(0);

    await clock.advance(31_000);

    expect(faults).toEqual([away]);
    expect(heard).toEqual(['resync []', 'resync []']);
  });

  test('a link that was up is not any more, until one is', async () => {
    let isAway = false;
    const onResync = async () => {
      if (isAway) throw away;
    };
    const { clock, supervised, links } = supervise({ onResync, resyncEveryMs: 30_000 });
    await clock.advance(0);
    isAway = true;
    await clock.advance(40_000);
    isAway = false;

    await clock.advance(30_000);

    expect(links).toEqual(['UP', 'CONNECTING', 'UP']);
    expect(supervised.lastError).toBeNull();
  });
});

describe('when a handler of calls fails', () => {
  test('that is reported and a fresh list follows', async () => {
    const { scripted, clock, heard, faults } = supervise({ onCall: failing(1) });
    await clock.advance(0);
    scripted.tell(callNamed('a'));

    await clock.advance(250);

    expect(faults).toEqual([away]);
    expect(heard).toEqual(['resync []', 'a CONNECTED', 'resync []']);
  });

  test('what the fresh list will say is not said before it', async () => {
    const { scripted, clock, heard } = supervise({ onCall: failing(1) });
    await clock.advance(0);
    scripted.tell(callNamed('a'));
    scripted.tell(callNamed('a', { state: 'HELD' }));
    await clock.advance(0);
    scripted.tell(callNamed('c'));

    await clock.advance(250);

    expect(heard).toEqual(['resync []', 'a CONNECTED', 'resync []']);
  });

  test('no end of a call is lost', async () => {
    const { scripted, clock, heard } = supervise({ onCall: failing(1) });
    await clock.advance(0);
    scripted.tell(endOf('a'));
    scripted.tell(endOf('b'));
    await clock.advance(0);
    scripted.tell(endOf('c'));

    await clock.advance(250);

    const again = ['a ENDED', 'c ENDED', 'resync []'];
    expect(heard).toEqual(['resync []', 'a ENDED', 'b ENDED', ...again]);
  });

  test('an end that can never be taken does not keep others from it', async () => {
    const poison = async ({ nativeId }: { nativeId: string }) => {
      if (nativeId === 'poison') throw away;
    };
    const { scripted, clock, heard } = supervise({ onCall: poison });
    await clock.advance(0);
    scripted.tell(endOf('poison'));
    scripted.tell(endOf('b'));
    await clock.advance(20_000);
    scripted.tell(callNamed('c'));

    await clock.advance(0);

    const again = Array.from({ length: 5 }, () => 'poison ENDED');
    const first = ['resync []', 'poison ENDED', 'b ENDED'];
    expect(heard).toEqual([...first, ...again, 'resync []', 'c CONNECTED']);
  });

  test('events that come faster than they are taken are dropped for a fresh list', async () => {
    const busy = Promise.withResolvers<void>();
    const { scripted, clock, heard, faults } = supervise({ onCall: () => busy.promise });
    await clock.advance(0);
    scripted.tell(callNamed('c0'));
    await clock.advance(0);
    for (let index = 1; index <= 10_001; index += 1) scripted.tell(callNamed(`c${index}`));
    await clock.advance(250);

    busy.resolve();
    await clock.advance(0);

    expect(faults).toEqual([new Error('The handlers are 10000 events behind')]);
    expect(heard).toEqual(['resync []', 'c0 CONNECTED', 'resync []']);
  });
});

describe('when the handler of lists fails', () => {
  test('lists follow with back-off until one is taken', async () => {
    const { clock, heard, faults } = supervise({ onResync: failing(3) });

    await clock.advance(250 + 500 + 1_000);

    expect(faults).toEqual([away, away, away]);
    expect(heard).toHaveLength(4);
  });

  test('the link is not UP before one is taken', async () => {
    const { clock, supervised } = supervise({ onResync: failing(3) });

    await clock.advance(250 + 500);

    expect(supervised.link).toBe('CONNECTING');
  });

  test('the link is not given up', async () => {
    const { clock, scripted } = supervise({ onResync: failing(3) });

    await clock.advance(5_000);

    expect(scripted.connectedAt).toHaveLength(1);
  });

  test('events that came with the list wait for a fresh one', async () => {
    const { scripted, clock, heard } = supervise({ onResync: failing(1) });
    scripted.tell(callNamed('a'));
    scripted.tell(endOf('b'));
    await clock.advance(0);

    await clock.advance(250);

    expect(heard).toEqual(['b ENDED', 'resync []', 'resync []']);
  });
});

test('a link that cannot be made again is down since it was lost, and says why each time', async () => {
  const { scripted, clock, supervised, links } = supervise();
  await clock.advance(0);
  scripted.cut();
  await clock.advance(0);
  const lostAt = supervised.since;
  scripted.script.connect = () => Promise.reject(new Error('refused'));

  await clock.advance(20_000);

  const { link, since, lastError } = supervised;
  expect({ link, since, lastError }).toEqual({ link: 'DOWN', since: lostAt, lastError: 'refused' });
  expect(scripted.connectedAt.length).toBeGreaterThan(2);
  // Told once more, for another reason.
  expect(links).toEqual(['UP', 'DOWN', 'DOWN']);
});

test('a list that is asked for and never taken is given up in time', async () => {
  const { clock, supervised } = supervise({ onResync: failing(Number.POSITIVE_INFINITY) });
  await clock.advance(0);
  const code = supervised.resync().catch((error: { code: string }) => error.code);

  await clock.advance(10_000);

  expect(await code).toBe('TIMEOUT');
});

test('a list that is asked for is given up when the link goes meanwhile', async () => {
  const { clock, scripted, supervised } = supervise();
  await clock.advance(0);
  awaitedList(scripted);
  const code = supervised.resync().catch((error: { code: string }) => error.code);
  await clock.advance(0);

  scripted.cut();

  expect(await code).toBe('LINK_DOWN');
});

/** A handler that rejects so many times. */
function failing(times: number) {
  let left = times;
  return async () => {
    if (left-- > 0) throw away;
  };
}
