/** A string begins, or a number begins that may have more digits or a greater power than JavaScript has room for. */
const SPOT = /"|(?<![\d.])-?(?:[\d.]{16,}(?:[eE][+-]?\d+)?|[\d.]{1,15}[eE][+-]?\d{3,})/g;
/** What all such numbers have: where it is not, in a string or outside, a text needs no walk. */
const NUMBER_SPOT = /[\d.]{16}|\d[eE][+-]?\d{3}/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Text of JSON with other words for its numbers where `wordFor` has some; it is asked only about those with 16
 * digits, or 3 of their power. In time by the length of the text alone, as a reviver of `JSON.parse` is not; what is in
 * strings stays, and so does what is no JSON.
 */
export function rewriteNumbers(text: string, wordFor: (number: string) => string | null): string {
  if (!NUMBER_SPOT.test(text)) return text;
  let written = '';
  let from = 0;
  SPOT.lastIndex = 0;
  for (let spot = SPOT.exec(text); spot; spot = SPOT.exec(text)) {
    const [found] = spot;
    if (found === '"') {
      SPOT.lastIndex = endOfString(text, spot.index);
      continue;
    }
    const word = JSON_NUMBER.test(found) ? wordFor(found) : null;
    if (word === null) continue;
    written += text.slice(from, spot.index) + word;
    from = SPOT.lastIndex;
  }
  return written + text.slice(from);
}

/** Where a string is over. No expression finds that in a long one without a stack as long. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}
