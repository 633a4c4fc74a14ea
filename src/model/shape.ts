import type { CallState, Direction } from './call.ts';
import type { DeliveryState } from './event-delivery.ts';
import type { ExtensionKind } from './extension.ts';
import type { IdentifierScheme } from './identifiers.ts';
import type { PageRequest } from './page.ts';
import type { ReadyShape } from './ready-shape.ts';

/** What a reader wants of each row. */
interface RowShape {
  /** Which of its own fields, besides those that every reader gets; absent for all of them. */
  readonly fields?: readonly string[];
  /** Of a page: nothing but this, ready for an answer. */
  readonly ready?: ReadyShape;
}

/** Which parts of a call a reader wants, so that one statement brings them and no others. */
export interface CallShape extends RowShape {
  readonly userData?: boolean;
  readonly identifiers?: boolean;
  readonly parentIdentifiers?: boolean;
  readonly markers?: boolean;
  /** The call about which it consults, and those that consult about it. */
  readonly consultation?: boolean;
  readonly organization?: boolean;
  readonly participants?: ParticipantShape;
}

export interface ParticipantShape extends RowShape {
  readonly extension?: ExtensionShape;
}

export interface ExtensionShape extends RowShape {
  readonly owner?: boolean;
  /** Lists below the extension, by the response key that asked for them. */
  readonly pages?: Readonly<Record<string, CallListShape | EventListShape>>;
}

export interface EventShape extends RowShape {
  readonly extension?: ExtensionShape;
  /** Lists below the rule, by the response key that asked for them. */
  readonly pages?: Readonly<Record<string, DeliveryListShape>>;
}

interface ListShape {
  readonly page: PageRequest;
  readonly total: boolean;
}

export interface CallListShape extends ListShape {
  readonly of: 'calls';
  readonly filter: CallFilter;
  readonly shape: CallShape;
}

export interface ExtensionListShape extends ListShape {
  readonly of: 'extensions';
  readonly filter: ExtensionFilter;
  readonly shape: ExtensionShape;
}

export interface EventListShape extends ListShape {
  readonly of: 'events';
  readonly filter: EventFilter;
  readonly shape: EventShape;
}

/** A name of a call in one system. */
export interface CallName {
  readonly scheme: IdentifierScheme;
  readonly value: string;
}

export interface DeliveryListShape extends ListShape {
  readonly of: 'deliveries';
  readonly filter: DeliveryFilter;
}

/** What a call must have; null or absent means anything. */
export interface CallFilter {
  /** One of these, by Tandem's ids; empty means none. */
  readonly ids?: readonly string[] | null | undefined;
  readonly extensionIds?: readonly string[] | null | undefined;
  /** Numbers of extensions, in full or short form. */
  readonly extensions?: readonly string[] | null | undefined;
  readonly states?: readonly CallState[] | null | undefined;
  readonly directions?: readonly Direction[] | null | undefined;
  /** A number of any participant. */
  readonly number?: string | null | undefined;
  /** One of them is a number of any participant. */
  readonly anyNumber?: readonly string[] | null | undefined;
  /** One of them is part of the name of any participant, in any letter case. */
  readonly anyName?: readonly string[] | null | undefined;
  readonly identifier?: CallName | null | undefined;
  /** A telephone of this user has a leg in it that has not left. */
  readonly phonesOf?: string | null | undefined;
  readonly offeredFrom?: string | null | undefined;
  readonly offeredBefore?: string | null | undefined;
}

/** What an extension must have; null or absent means anything. */
export interface ExtensionFilter {
  readonly ownerId?: string | null;
  /** In full or short form. */
  readonly numbers?: readonly string[] | null;
  readonly kinds?: readonly ExtensionKind[];
}

/** What a rule must have; null or absent means anything. */
export interface EventFilter {
  readonly extensionId?: string | null;
  readonly type?: number | null;
}

/** What a firing must have; null or absent means anything. */
export interface DeliveryFilter {
  /** The row id of its rule. */
  readonly eventRowId?: string | null;
  readonly states?: readonly DeliveryState[] | null | undefined;
}

/** All of a call that has no list below it: what the log keeps. */
export const WHOLE_CALL: CallShape = {
  userData: true,
  identifiers: true,
  consultation: true,
  participants: { extension: { owner: true } },
};
