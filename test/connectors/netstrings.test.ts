import { describe, expect, test } from 'vitest';
import { NetstringDecoder, netstring } from '../../src/connectors/kamailio/netstrings.ts';

const decoded = (...chunks: (string | Buffer)[]) => {
  const decoder = new NetstringDecoder(100);
  return chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk)));
};

test('a text is counted in bytes', () => {
  expect(netstring('ä€').toString()).toBe('5:ä€,');
});

describe('a stream', () => {
  test('of whole frames is taken apart', () => {
    expect(decoded('5:hello,0:,2:ab,')).toEqual(['hello', '', 'ab']);
  });

  test('may be cut anywhere', () => {
    const bytes = Buffer.concat([netstring('ä€'), netstring('a,b:c'), netstring('x'.repeat(100))]);

    const texts = decoded(
      ...bytes
        .toString('latin1')
        .split('')
        .map((one) => Buffer.from(one, 'latin1')),
    );

    expect(texts).toEqual(['ä€', 'a,b:c', 'x'.repeat(100)]);
  });

  test('that ends in the midst of a frame gives what is whole', () => {
    expect(decoded('1:a,10:b')).toEqual(['a']);
  });

  test.each([
    ['a length that is none', 'x:a,'],
    ['a negative length', '-1:a,'],
    ['a length with a zero before it', '01:a,'],
    ['no length', ':a,'],
    ['a space', ' 1:a,'],
    ['no comma', '1:ab'],
    ['a frame that is too long', '101:'],
    ['digits without end', '9'.repeat(5)],
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\n'],
  ])('with %s is refused before it is kept', (_, text) => {
    expect(() => decoded(text)).toThrow(/netstring/);
  });
});
