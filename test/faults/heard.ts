import type { Result } from './transports.ts';

/** A message as a client has it. */
export interface Heard {
  readonly type: 'CallSnapshot' | 'CallChanged' | 'CallDeleted' | 'FeedBookmark' | 'FeedGap';
  readonly position: string;
  readonly callId: string;
  /** 0 where the message has none. */
  readonly version: number;
  readonly state: string | null;
  readonly kind: string | null;
}

/** Everything that was heard from one snapshot to the next. */
export interface Era {
  /** What had been committed before the snapshot was asked for, as Postgres says it. */
  readonly before: string;
  /** What had been committed when its bookmark had come; null until then. */
  after: string | null;
  /** Whether the bookmark has come. */
  isWhole: boolean;
  readonly snapshot: Heard[];
  readonly told: Heard[];
}

export const newEra = (before: string): Era => ({
  ...{ before, after: null, isWhole: false, snapshot: [], told: [] },
});

const PARTS = 'id version state userData';

/** The subscription; a large one says everything many times over. */
export const documentOf = (isLarge: boolean) => `
  subscription Follow($after: Position, $filter: CallChangeFilter) {
    callChanges(after: $after, filter: $filter) {
      __typename
      ... on FeedEntry { position }
      ... on CallSnapshot { call { ...Parts } }
      ... on CallChanged { kind call { ...Parts } }
      ... on CallDeleted { callId }
      ... on FeedGap { reason }
    }
  }
  fragment Parts on Call { ${PARTS} ${isLarge ? LARGE : ''} }`;

const LARGE = Array.from({ length: 44 }, (_, n) => `u${n}: userData`).join(' ');

interface Message {
  readonly __typename: Heard['type'];
  readonly position: string;
  readonly callId?: string;
  readonly kind?: string;
  readonly call?: { readonly id: string; readonly version: number; readonly state: string };
}

/** What a result says, or the code with which it refuses. */
export function heardIn({ data, errors }: Result): Heard | { readonly refusal: string } {
  if (errors || !data) return { refusal: String(errors?.[0]?.extensions?.['code']) };
  const { __typename, position, callId, kind, call } = data['callChanges'] as Message; // the document's
  return {
    ...{ type: __typename, position, kind: kind ?? null },
    ...{
      callId: callId ?? call?.id ?? '',
      version: call?.version ?? 0,
      state: call?.state ?? null,
    },
  };
}
