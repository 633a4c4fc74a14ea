import { SCOPES, type Scope } from '../../model/account.ts';

/** All scopes when none is asked for, as VoipNow has none; in any letter case. Null when one of them is unknown. */
export function scopesOf(asked: readonly string[] | undefined): Scope[] | null {
  if (!asked || asked.length === 0) return [...SCOPES];
  const words = asked.map((word) => word.toUpperCase());
  const known = SCOPES.filter((scope) => words.includes(scope));
  return words.every((word) => known.some((scope) => scope === word)) ? known : null;
}
