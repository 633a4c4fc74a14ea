/** Where in an order a page begins or ends: the values of the columns that order it. */
export type Cursor = readonly string[];

/** One page of a list, by keyset: no page costs more than the first. */
export interface PageRequest {
  readonly limit: number;
  /** Taken from the end of the range; the rows still come in the list's own order. */
  readonly backward: boolean;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
}

/** Rows of a page; one more than the limit means that there are more. */
export interface PageView<Row> {
  readonly rows: readonly Row[];
  /** How many there are in all; absent when it was not asked for. */
  readonly total?: number | null;
  /**
   * The rows within the limit as JSON, where the shape asks for them ready, null for none; `rows` then say no more than
   * where the page begins and ends.
   */
  readonly ready?: string | null;
}

/** Lists below an object that were read with it. */
export type PagesView = readonly { readonly key: string; readonly page: PageView<unknown> }[];

/** The list that was asked for by this key. */
export const pageAt = (pages: PagesView | undefined, key: string) =>
  pages?.find((one) => one.key === key)?.page;
