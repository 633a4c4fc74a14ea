/**
 * A field of an object as an answer has it: its key there, and what it is. A word is one of our own, with nothing to be
 * escaped; a part is an object, or a list of objects.
 */
export type ReadyField = { readonly key: string } & (
  | { readonly is: 'MOMENT' | 'WORD' | 'VALUE'; readonly name: string }
  | { readonly is: 'TYPE'; readonly typeName: string }
  | { readonly is: 'PART'; readonly name: string; readonly below: readonly ReadyField[] }
);

/** Rows that are wanted as the answer has them, so that the store's JSON goes into it unread. */
export interface ReadyShape {
  readonly fields: readonly ReadyField[];
  /** Whether rows are wanted beside them, with what orders them: where a page begins and ends. */
  readonly ends: boolean;
}
