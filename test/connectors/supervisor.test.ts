import { describe, expect, test } from 'vitest';
import { callNamed, endOf } from './scripted-switch.ts';
import { lab } from './simulator-lab.ts';
import { awaitedList, restarted, supervise, watch } from './supervisor-lab.ts';

describe('a supervised switch', () => {
  test('is UP when its first list has been taken', async () => {
    const { supervised, clock, links, heard } = supervise();

    await clock.advance(0);

    expect(heard).toEqual(['resync []']);
    expect(links).toEqual(['UP']);
    expect(supervised).toMatchObject({ link: 'UP', lastError: null, since: clock.now() });
  });

  test('hands over the list before the events that came with it', async () => {
    const { scripted, clock, heard } = supervise();
    const list = awaitedList(scripted);
    await clock.advance(0);
    scripted.tell(callNamed('a', { state: 'HELD' }));
    scripted.tell(callNamed('a'));

    list.resolve({ epoch: 'one', calls: [callNamed('a')] });
    await clock.advance(0);

    expect(heard).toEqual(['resync [a]', 'a HELD', 'a CONNECTED']);
  });

  test('hears what is told before the link is open', async () => {
    const { scripted, clock, heard } = supervise();
    const opening = Promise.withResolvers<void>();
    scripted.script.connect = () => opening.promise;
    await restarted(scripted, clock);
    heard.length = 0;
    scripted.tell(callNamed('early'));

    opening.resolve();
    await clock.advance(0);

    expect(heard).toEqual(['resync []', 'early CONNECTED']);
  });

  test('hands over an end before the list that no longer has the call', async () => {
    const { scripted, clock, heard } = supervise();
    const list = awaitedList(scripted);
    await clock.advance(0);
    scripted.tell(callNamed('a', { state: 'HELD' }));
    scripted.tell(endOf('a'));

    list.resolve({ epoch: 'one', calls: [] });
    await clock.advance(0);

    expect(heard).toEqual(['a ENDED', 'resync []']);
  });

  test('hands over one thing of a call at a time, and of another call meanwhile', async () => {
    const first = Promise.withResolvers<void>();
    const { scripted, clock, heard } = supervise({ onCall: () => first.promise });
    await clock.advance(0);
    scripted.tell(callNamed('a'));
    scripted.tell(callNamed('a', { state: 'HELD' }));
    scripted.tell(callNamed('b'));
    await clock.advance(0);
    const before = [...heard];

    first.resolve();
    await clock.advance(0);

    expect(before).toEqual(['resync []', 'a CONNECTED', 'b CONNECTED']);
    expect(heard).toEqual([...before, 'a HELD']);
  });

  test('hands over a list when nothing else is under way, and what comes then after it', async () => {
    const first = Promise.withResolvers<void>();
    const { scripted, clock, heard } = supervise({ onCall: () => first.promise });
    await clock.advance(0);
    scripted.tell(callNamed('a'));
    await clock.advance(30_000);
    scripted.tell(callNamed('b'));
    await clock.advance(0);
    const before = [...heard];

    first.resolve();
    await clock.advance(0);

    expect(before).toEqual(['resync []', 'a CONNECTED']);
    expect(heard).toEqual([...before, 'resync []', 'b CONNECTED']);
  });

  test('asks for the list again every 30 s', async () => {
    const { clock, heard } = supervise();
    await clock.advance(0);

    await clock.advance(60_000);

    expect(heard).toEqual(['resync []', 'resync []', 'resync []']);
  });

  test('holds nothing back while it asks again, and does not believe an older list', async () => {
    const { scripted, clock, heard } = supervise();
    await clock.advance(0);
    const list = awaitedList(scripted);
    await clock.advance(30_000);
    scripted.tell(callNamed('a', { state: 'HELD' }));
    await clock.advance(0);
    const before = [...heard];

    list.resolve({ epoch: 'one', calls: [callNamed('a'), callNamed('b')] });
    await clock.advance(0);

    expect(before).toEqual(['resync []', 'a HELD']);
    expect(heard).toEqual([...before, 'resync [a b] but for a']);
  });

  test('lets events by while a list is compared, and does not look at what is known', async () => {
    const compared = Promise.withResolvers<ReadonlySet<string>>();
    const { scripted, clock, heard } = supervise({ unchangedOf: () => compared.promise });
    const calls = [callNamed('a'), callNamed('b'), callNamed('c')];
    await clock.advance(0);
    scripted.script.list = async () => ({ epoch: 'one', calls });
    await clock.advance(30_000);
    scripted.tell(callNamed('a', { state: 'HELD' }));
    await clock.advance(0);
    const before = [...heard];

    compared.resolve(new Set(['b']));
    await clock.advance(0);

    expect(before).toEqual(['resync []', 'a HELD']);
    expect(heard).toEqual([...before, 'resync [a b c] but for a b']);
  });

  test('takes no list that is still compared when it ends', async () => {
    const compared = Promise.withResolvers<ReadonlySet<string>>();
    const { clock, supervised, heard } = supervise({ unchangedOf: () => compared.promise });
    await clock.advance(0);
    await clock.advance(30_000);

    const ended = supervised[Symbol.asyncDispose]();
    await clock.advance(0);
    compared.resolve(new Set());
    await ended;

    expect(heard).toEqual(['resync []']);
  });

  test('believes a list about calls that were told of before it was asked for', async () => {
    const { scripted, clock, heard } = supervise();
    await clock.advance(0);
    scripted.tell(callNamed('a'));

    await clock.advance(30_000);

    expect(heard).toEqual(['resync []', 'a CONNECTED', 'resync []']);
  });

  test('holds events back while it asks before its time', async () => {
    const { scripted, clock, supervised, heard } = supervise();
    await clock.advance(0);
    const list = awaitedList(scripted);
    const resync = supervised.resync();
    await clock.advance(0);
    scripted.tell(callNamed('late'));
    list.resolve({ epoch: 'one', calls: [] });

    await clock.advance(0);

    await resync;
    expect(heard).toEqual(['resync []', 'resync []', 'late CONNECTED']);
  });

  test('follows a switch through its restart', async () => {
    const { exchange, connector, clock } = lab();
    exchange.adopt({ nativeId: 'old', parties: [] });
    const { heard } = watch(clock, connector);
    await clock.advance(0);
    exchange.restart();

    await clock.advance(250);

    expect(heard).toEqual(['resync [old]', 'resync []']);
  });

  test('is STOPPED after it was disposed of', async () => {
    const { supervised, scripted, clock } = supervise();
    await clock.advance(0);

    await supervised[Symbol.asyncDispose]();

    expect(supervised.link).toBe('STOPPED');
    expect(scripted.closed).toBe(1);
  });

  test('is STOPPED although it is still connecting', async () => {
    const { supervised, scripted, clock } = supervise();
    scripted.script.connect = () => new Promise(() => {});
    await restarted(scripted, clock);

    await supervised[Symbol.asyncDispose]();

    expect(supervised.link).toBe('STOPPED');
  });
});
