import { randomUUID } from 'node:crypto';

/** Stands in an answer where a text goes in its place. */
const PLACE = `ready-${randomUUID()}`;

/** The texts for the places of the value that is being written; null while none is. */
let texts: string[] | null = null;

/** JSON that has been written already, as `JSON.stringify` would have: it goes into an answer as it is. */
export class ReadyJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For `writeReady` its place; for whoever else writes JSON, its value. */
  toJSON(): unknown {
    if (!texts) return JSON.parse(this.text);
    texts.push(this.text);
    return PLACE;
  }
}

/** `JSON.stringify`, with what is ready in its places and not read again. */
export function writeReady(value: unknown): string {
  const { text, ready } = withPlaces(value);
  if (ready.length === 0) return text;
  const [head = '', ...between] = text.split(`"${PLACE}"`);
  // Somebody else's text is the same as ours.
  if (between.length !== ready.length) return JSON.stringify(value);
  return between.reduce((whole, part, at) => whole + ready[at] + part, head);
}

function withPlaces(value: unknown) {
  const ready: string[] = [];
  texts = ready;
  try {
    return { text: JSON.stringify(value), ready };
  } finally {
    texts = null;
  }
}
