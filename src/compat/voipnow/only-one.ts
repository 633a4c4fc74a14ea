import { Fault } from './fault.ts';

/**
 * The value of a parameter; null when it did not come. Sent twice, or as PHP's lists are, it is refused: which is meant
 * is not guessed.
 */
export function onlyOne(
  query: URLSearchParams,
  name: string,
  word = `${name.toLowerCase()}_invalid`,
): string | null {
  const [value, another] = query.getAll(name);
  if (query.has(`${name}[]`)) throw new Fault(word, `The ${name} must be one value, not a list.`);
  if (another === undefined) return value ?? null;
  throw new Fault(word, `The ${name} must come once.`);
}
