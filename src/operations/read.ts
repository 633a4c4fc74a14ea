import { GatewayError } from '../model/errors.ts';
import { type PageView, pageAt } from '../model/page.ts';
import { mayHaveEvents } from '../model/phone-call-event.ts';
import type {
  CallListShape,
  DeliveryListShape,
  EventListShape,
  ExtensionListShape,
} from '../model/shape.ts';
import { readPage } from '../store/queries/read.ts';
import type { Context } from './context.ts';
import { findExtension, ownedBy } from './find-extension.ts';

/** One page of what the principal sees. */
export const readList = <
  List extends CallListShape | ExtensionListShape | EventListShape | DeliveryListShape,
>(
  { database, visibility }: Context,
  list: List,
) => readPage(database, list, visibility);

/** Whose list it is; null or absent means all that the principal sees. */
interface Holder {
  /** `@me`, `@viewer`, `@owner` or a user's number. */
  readonly owner?: string | null | undefined;
  /** In full or short form; refused when there is none. */
  readonly extension?: string | null | undefined;
}

/** One page of an extension's list, by the statement that finds the extension, or of an owner's. */
export async function readListOf(
  context: Context,
  list: CallListShape | EventListShape | ExtensionListShape,
  { owner, extension }: Holder,
): Promise<PageView<unknown>> {
  if (typeof extension !== 'string' || list.of === 'extensions') {
    return readList({ ...context, visibility: await ownedBy(context, owner) }, list);
  }
  const shape = { pages: { asked: list } };
  const { kind, pages } = await findExtension(context, extension, { owner, shape });
  if (list.of === 'events' && !mayHaveEvents(kind)) {
    throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  }
  return pageAt(pages, 'asked') ?? { rows: [] };
}
