/** What a principal may see. Null means no restriction on that side. */
export interface Visibility {
  /** Only this organization's. */
  readonly organizationId: string | null;
  /** Only calls with an extension of this user, and that user's extensions. */
  readonly ownerId: string | null;
}

/** Nothing is hidden: for what the gateway does on its own account. */
export const EVERYTHING: Visibility = { organizationId: null, ownerId: null };
