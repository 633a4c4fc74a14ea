import type { AccountType, Scope } from '../model/account.ts';
import { GatewayError } from '../model/errors.ts';
import type { Visibility } from '../model/visibility.ts';

/** Who is asking, and how far they may go. */
export interface Principal {
  readonly userId: string;
  /** The id that legacy URIs use. */
  readonly userNumber: string;
  readonly username: string;
  readonly displayName: string | null;
  readonly accountType: AccountType;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly appId: string | null;
  /** The stored token behind it; null for a password or a key alone. */
  readonly tokenId: string | null;
  /** What `passwordMark` made of the password that it logged in by; absent for everything else. */
  readonly passwordMark?: string | null;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** What the principal sees: a USER its own, an ORGANIZATION its organization's, an ADMINISTRATOR all. */
export function visibilityOf({ accountType, organizationId, userId }: Principal): Visibility {
  return {
    organizationId: accountType === 'ADMINISTRATOR' ? null : organizationId,
    ownerId: accountType === 'USER' ? userId : null,
  };
}

/** Refuses a principal whose token was not given this scope. */
export function requireScope({ scopes }: Principal, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new GatewayError('FORBIDDEN', lacksScope(scope));
}

/** What a token without this scope is refused with. */
export const lacksScope = (scope: Scope) => `This token lacks the scope ${scope}.`;

/** Refuses a USER what concerns a whole organization. */
export function requireOrganization({ accountType }: Principal): void {
  if (accountType !== 'USER') return;
  throw new GatewayError('FORBIDDEN', 'This is for accounts of organizations and administrators.');
}
