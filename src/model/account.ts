/** What kind of account a user has: what it sees grows from USER (its own) to ADMINISTRATOR (all). */
export const ACCOUNT_TYPES = ['ADMINISTRATOR', 'ORGANIZATION', 'USER'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** What a token allows: READ queries and subscribes, CONTROL commands calls, MANAGE changes and deletes data. */
export const SCOPES = ['READ', 'CONTROL', 'MANAGE'] as const;
export type Scope = (typeof SCOPES)[number];
