/** A field of an object as an answer has it: its key there, and what it is. */
export type ReadyField = { readonly key: string } & (
  | { readonly is: 'VALUE' | 'MOMENT'; readonly name: string }
  /** The name of the object's type. */
  | { readonly is: 'TYPE'; readonly typeName: string }
  /** An object, or a list of objects. */
  | { readonly is: 'PART'; readonly name: string; readonly below: readonly ReadyField[] }
);

/** Rows that are wanted as the answer has them, so that the store's JSON goes into it unread. */
export interface ReadyShape {
  readonly fields: readonly ReadyField[];
  /** Whether rows are wanted beside them, with what orders them: where a page begins and ends. */
  readonly ends: boolean;
}
