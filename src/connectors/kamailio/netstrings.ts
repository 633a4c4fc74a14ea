const COMMA = 0x2c;
const COLON = 0x3a;

/** `5:hello,` for `hello`. */
export function netstring(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(',')]);
}

/** Takes a stream of netstrings apart, however the network has cut it. */
export class NetstringDecoder {
  readonly #longest: number;
  #rest: Buffer = Buffer.alloc(0);

  /** No text may have more bytes than `longest`. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The texts that are complete with this chunk. Throws when these are no netstrings; then the stream is lost. */
  push(chunk: Buffer): string[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    for (let text = this.#next(); text !== null; text = this.#next()) texts.push(text);
    return texts;
  }

  #next(): string | null {
    const digits = String(this.#longest).length;
    const colon = this.#rest.subarray(0, digits + 1).indexOf(COLON);
    const length = this.#rest.toString('latin1', 0, colon < 0 ? digits + 1 : colon);
    if (length === '' && colon < 0) return null;
    if (!/^(0|[1-9]\d*)$/.test(length)) throw new Error('That is not a netstring');
    if (length.length > digits || Number(length) > this.#longest) {
      throw new Error(`A netstring is longer than ${this.#longest} bytes`);
    }
    const end = colon + 1 + Number(length);
    if (colon < 0 || this.#rest.length <= end) return null;
    if (this.#rest[end] !== COMMA) throw new Error('A netstring does not end with a comma');
    const text = this.#rest.toString('utf8', colon + 1, end);
    this.#rest = this.#rest.subarray(end + 1);
    return text;
  }
}
