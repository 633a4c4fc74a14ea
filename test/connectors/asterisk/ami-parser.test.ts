import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AmiParser } from '../../../src/connectors/asterisk/ami-parser.ts';

const BANNER = 'Asterisk Call Manager/11.0.0\r\n';
const LOGIN = 'Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n';
const EVENT = 'Event: Hangup\r\nCallerIDName: Zoë ✓\r\nCause-txt: Normal Clearing\r\n\r\n';

describe('a parser of AMI', () => {
  test('reads messages behind the banner', () => {
    const messages = read(BANNER + LOGIN + EVENT);

    expect(messages).toEqual([
      { banner: 'Asterisk Call Manager/11.0.0' },
      { response: 'Success', actionid: '1', message: 'Authentication accepted' },
      { event: 'Hangup', calleridname: 'Zoë ✓', 'cause-txt': 'Normal Clearing' },
    ]);
  });

  test('reads the same wherever the stream is cut', () => {
    const stream = Buffer.from(BANNER + LOGIN + EVENT);
    const whole = read(stream);
    const cuts = fc.array(fc.nat({ max: stream.length }), { maxLength: 20 });

    fc.assert(
      fc.property(cuts, (at) => {
        const ends = [...at.toSorted((a, b) => a - b), stream.length];
        const parts = ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end));
        expect(read(...parts)).toEqual(whole);
      }),
    );
  });

  test('reads it byte by byte', () => {
    const bytes = [...Buffer.from(BANNER + EVENT)].map((byte) => Buffer.from([byte]));

    expect(read(...bytes)).toHaveLength(2);
  });

  test.each([
    ['lines that end in LF alone', 'Response: Success\nActionID: 2\n\n'],
    ['no space behind the colon', 'Response:Success\r\nActionID:2\r\n\r\n'],
    ['names in other case', 'RESPONSE: Success\r\nActionId: 2\r\n\r\n'],
    ['empty lines before it', '\r\n\r\nResponse: Success\r\nActionID: 2\r\n\r\n'],
    ['text without a name', 'Response: Success\r\nfree text\r\n: x\r\nActionID: 2\r\n\r\n'],
    ['a field again', 'Response: Success\r\nActionID: 2\r\nActionID: 3\r\n\r\n'],
  ])('takes %s', (_what, text) => {
    expect(read(BANNER + text)[1]).toEqual({ response: 'Success', actionid: '2' });
  });

  test('keeps colons in a value', () => {
    expect(read(`${BANNER}Variable: a=b: c\r\n\r\n`)[1]).toEqual({ variable: 'a=b: c' });
  });

  test('takes names that mean something in JavaScript', () => {
    const [, message] = read(`${BANNER}__proto__: x\r\nconstructor: y\r\n\r\n`);

    expect(Object.keys(message ?? {})).toContain('constructor');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'no AMI'],
    ['a line without end', BANNER + 'x'.repeat(70_000), 'too long'],
    ['a line that is too long', `${BANNER}a: ${'x'.repeat(70_000)}\r\n`, 'too long'],
    ['a message without end', BANNER + 'Event: x\r\n'.repeat(10_000), 'too long'],
    [
      'too many fields',
      BANNER + Array.from({ length: 600 }, (_, i) => `f${i}: x\r\n`).join(''),
      'too many',
    ],
  ])('refuses %s', (_what, text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  test('refuses what comes in drops, too', () => {
    const parser = new AmiParser();
    parser.push(Buffer.from(BANNER));
    const drops = () => {
      for (let index = 0; index < 100; index += 1) parser.push(Buffer.alloc(1_000, 'x'));
    };

    expect(drops).toThrow('too long');
  });
});

function read(...parts: (string | Buffer)[]) {
  const parser = new AmiParser();
  const messages = parts.flatMap((part) => parser.push(Buffer.from(part)));
  return messages.map((message) => Object.fromEntries(message));
}
