import type { CallListShape, EventListShape, ExtensionListShape } from '../model/shape.ts';
import { readPage } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** One page of what the principal sees. */
export const readList = <List extends CallListShape | ExtensionListShape | EventListShape>(
  { database, visibility }: Context,
  list: List,
) => readPage(database, list, visibility);
