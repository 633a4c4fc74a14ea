import type { NumberRules } from '../model/number-rules.ts';
import { spellingsOf } from './number-spellings.ts';

/** An extension that a number may mean. */
export interface ExtensionMatch {
  readonly id: string;
  readonly organizationId: string;
  /** In full. */
  readonly number: string;
}

/** The extension that each number means; a number that may be of several organizations is AMBIGUOUS. */
export type NumberMatches = ReadonlyMap<string, ExtensionMatch | 'AMBIGUOUS'>;

/** Says which number means which of the extensions. Numbers that mean none are absent. */
export function matchNumbers(
  rules: NumberRules,
  numbers: readonly string[],
  extensions: readonly ExtensionMatch[],
): NumberMatches {
  const matches = new Map<string, ExtensionMatch | 'AMBIGUOUS'>();
  for (const number of numbers) {
    const match = matchOf(spellingsOf(rules, number), extensions);
    if (match) matches.set(number, match);
  }
  return matches;
}

/** Within one organization the likelier spelling wins; between several nothing is likely enough. */
function matchOf(spellings: readonly string[], extensions: readonly ExtensionMatch[]) {
  const meant = extensions.filter(({ number }) => spellings.includes(number));
  if (new Set(meant.map(({ organizationId }) => organizationId)).size > 1) return 'AMBIGUOUS';
  const rank = ({ number }: ExtensionMatch) => spellings.indexOf(number);
  return meant.toSorted((a, b) => rank(a) - rank(b))[0];
}
