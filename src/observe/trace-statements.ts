import type { Tracing } from './tracing.ts';

const CHANGES =
  /\b(?:(insert) into|(delete) from)\s+(\w+)|\b(update)\s+(\w+)(?:\s+(?:as\s+)?\w+)?\s+set\b/i;
const READS = /\bfrom\s+(\w+)/i;

/** What a statement does to which table, the first that it names: never its text, and never a parameter. */
export function summaryOf(text: string): string {
  const [, insert, remove, changed, update, updated] = CHANGES.exec(text) ?? [];
  const verb = insert ?? remove ?? update ?? /\w+/.exec(text)?.[0] ?? '';
  const table = changed ?? updated ?? READS.exec(text)?.[1];
  return [verb.toLowerCase() === 'with' ? 'SELECT' : verb.toUpperCase(), table]
    .filter(Boolean)
    .join(' ');
}

/** Makes a span of each statement of what is under way. */
export const traceStatements =
  ({ step }: Tracing) =>
  <T>(text: string, work: () => Promise<T>): Promise<T> =>
    step(() => {
      const name = summaryOf(text);
      const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': name };
      return { name, kind: 'CLIENT', attributes };
    }, work);
