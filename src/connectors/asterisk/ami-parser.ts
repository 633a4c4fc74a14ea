/** One message of AMI: what answers an action, or an event. Names are in lower case. */
export type AmiMessage = ReadonlyMap<string, string>;

const MOST_BYTES = 65_536;
const MOST_FIELDS = 512;

/**
 * Cuts AMI's stream into messages: lines of `Name: value` that end in CR LF, an empty one after
 * the last. What grows beyond all measure is refused, because a stream that lost its step never
 * finds it again. The line with which AMI greets is a message of its own, under the name `banner`.
 */
export class AmiParser {
  #rest = Buffer.alloc(0);
  #bytes = 0;
  #fields: Map<string, string> | null = null;

  /** The messages that these bytes complete. @throws when the stream is not AMI's. */
  push(chunk: Buffer): AmiMessage[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: AmiMessage[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      // As bytes until here, so that no character is cut in two.
      const line = bytes.toString('utf8', start, end).replace(/\r$/, '');
      const message = this.#line(line, end - start);
      if (message) messages.push(message);
      start = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
    this.#limit(this.#rest.length);
    return messages;
  }

  #line(line: string, length: number): AmiMessage | null {
    if (!this.#fields) {
      this.#fields = new Map();
      if (!line.startsWith('Asterisk Call Manager')) throw new Error('That is no AMI');
      return new Map([['banner', line]]);
    }
    if (line === '') return this.#complete();
    this.#bytes += length;
    this.#limit(0);
    const colon = line.indexOf(':');
    // Output of commands and other free text is not for us.
    if (colon > 0) this.#field(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    return null;
  }

  /** Of a field that comes more than once, the first counts. */
  #field(name: string, value: string): void {
    const fields = this.#fields;
    if (!fields || fields.has(name)) return;
    if (fields.size >= MOST_FIELDS) throw new Error('A message of AMI has too many fields');
    fields.set(name, value);
  }

  #complete(): AmiMessage | null {
    const fields = this.#fields;
    this.#fields = new Map();
    this.#bytes = 0;
    return fields && fields.size > 0 ? fields : null;
  }

  #limit(more: number): void {
    if (this.#bytes + more > MOST_BYTES) throw new Error('A message of AMI is too long');
  }
}
