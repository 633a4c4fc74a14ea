/** What the argument `owner` means wherever it is taken. */
export const OWNER =
  '`@me`, `@viewer`, `@owner` or a user’s number: whose extension it is. Default: whatever you see.';
