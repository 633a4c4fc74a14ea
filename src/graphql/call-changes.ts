import type { FeedMessage } from '../feed/feed.ts';
import { followCalls } from '../operations/follow-calls.ts';
import { builder } from './builder.ts';
import { DtmfRef, pressedIn } from './dtmf.ts';
import { CallStateRef, ChangeKindRef, GapReasonRef } from './enums.ts';
import { CallRef } from './refs.ts';

type Message<Type extends FeedMessage['type']> = Extract<FeedMessage, { type: Type }>;

const POSITION = 'Where to resume after having dealt with this message.';

const FeedMessageRef = builder.interfaceRef<FeedMessage>('FeedEntry').implement({
  description: 'What every message of the feed has.',
  fields: (t) => ({
    position: t.expose('position', { type: 'Position', description: POSITION }),
  }),
});

const SnapshotRef = builder.objectRef<Message<'SNAPSHOT'>>('CallSnapshot').implement({
  description: 'A call that was live when the subscription began; a bookmark ends the snapshot.',
  interfaces: [FeedMessageRef],
  fields: (t) => ({
    call: t.expose('call', { type: CallRef, description: 'The call as it stands.' }),
  }),
});

const ChangedRef = builder.objectRef<Message<'CHANGE'>>('CallChanged').implement({
  description: 'A call is new, or has changed, or digits were pressed in it.',
  interfaces: [FeedMessageRef],
  fields: (t) => ({
    kind: t.field({
      type: ChangeKindRef,
      description: 'What has changed.',
      resolve: ({ change }) => change.kind,
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it was committed.',
      resolve: ({ change }) => change.occurredAt,
    }),
    call: t.field({
      type: CallRef,
      description: 'The call after the change.',
      resolve: ({ change }) => {
        if (change.call) return change.call;
        throw new Error('A change without its call was taken for one of a live call.');
      },
    }),
    dtmf: t.field({
      type: DtmfRef,
      nullable: true,
      description:
        'What was pressed. Null for other kinds than `DTMF`; of that kind it says that all that was pressed in this call until now has been erased: forget it, too.',
      resolve: ({ change }) => pressedIn(change),
    }),
  }),
});

const DeletedRef = builder.objectRef<Message<'CHANGE'>>('CallDeleted').implement({
  description: 'A call has been deleted; nothing of it is left.',
  interfaces: [FeedMessageRef],
  fields: (t) => ({
    callId: t.field({
      type: 'ID',
      description: 'The id of the call that was.',
      resolve: ({ change }) => change.callId,
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it was committed.',
      resolve: ({ change }) => change.occurredAt,
    }),
  }),
});

const BookmarkRef = builder.objectRef<Message<'BOOKMARK'>>('FeedBookmark').implement({
  description:
    'Everything up to here has been told; comes at the end of a snapshot or a replay, and at least every 15 seconds of silence while the log can be read.',
  interfaces: [FeedMessageRef],
});

const GapRef = builder.objectRef<Message<'GAP'>>('FeedGap').implement({
  description: 'Changes that cannot be replayed; forget what you knew: a new snapshot follows.',
  interfaces: [FeedMessageRef],
  fields: (t) => ({
    reason: t.expose('reason', { type: GapReasonRef, description: 'Why.' }),
    oldestPosition: t.expose('oldestPosition', {
      type: 'Position',
      description: 'The oldest position from which the log can still be replayed.',
    }),
  }),
});

const TYPES = { SNAPSHOT: SnapshotRef, BOOKMARK: BookmarkRef, GAP: GapRef };

const CallFeedMessage = builder.unionType('CallFeedMessage', {
  description: 'One message of the feed; each has a `position`.',
  types: [SnapshotRef, ChangedRef, DeletedRef, BookmarkRef, GapRef],
  resolveType: (message) => {
    if (message.type === 'CHANGE') return message.change.call ? ChangedRef : DeletedRef;
    return TYPES[message.type];
  },
});

const CallChangeFilterInput = builder.inputType('CallChangeFilter', {
  description: 'Which calls and changes are wanted; what is absent may be anything.',
  fields: (t) => ({
    extensions: t.stringList({
      description:
        'One of these extensions takes part: one to 100 numbers in full or short form. One that is not visible is `EXTENSION_NOT_FOUND`.',
    }),
    callIds: t.idList({ description: 'One of these calls: at least one, at most 100.' }),
    kinds: t.field({
      type: [ChangeKindRef],
      description:
        'One of these kinds. The calls of a snapshot have none: they are all told, whatever is named here. Whoever wants to hear of deletions names `DELETED`.',
    }),
    states: t.field({
      type: [CallStateRef],
      description:
        'The call is in one of these states after the change: that it has left them is not told. Deletions come in any case.',
    }),
  }),
});

builder.subscriptionField('callChanges', (t) =>
  t.field({
    type: CallFeedMessage,
    description:
      'Calls that are live now, then every change in commit order, none lost; or, with `after`, every change since.',
    args: {
      after: t.arg({
        type: 'Position',
        description:
          'The position of the last message that was dealt with; null or empty begins anew, with a snapshot.',
      }),
      filter: t.arg({ type: CallChangeFilterInput, description: 'Only these.' }),
    },
    subscribe: (_, args, context) => followCalls(context, args),
    resolve: (message) => message,
  }),
);
