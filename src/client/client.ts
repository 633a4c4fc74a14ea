// biome-ignore-all lint/performance/noBarrelFile: whoever installs the helper imports one file.
export { overApollo, overGraphqlWs, overUrql } from './adapters.ts';
export { type Following, followCalls } from './follow-calls.ts';
export { FollowError } from './follow-error.ts';
export { type FeedReset, iterateCalls } from './iterate-calls.ts';
export type {
  CallChanged,
  CallDeleted,
  CallKey,
  CallMessage,
  CallSnapshot,
  FeedBookmark,
  ResetReason,
} from './messages.ts';
export type {
  FollowOptions,
  LinkOptions,
  PositionStore,
  Retry,
  Sink,
  Subscribe,
} from './options.ts';
