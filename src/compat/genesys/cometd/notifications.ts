import type { CallData, FeedData } from '../call-documents.ts';
import { callResource, legOf, type Viewpoint } from '../call-resource.ts';

/** What happened, in the words of GWS. */
export const NOTIFICATION_TYPES = [
  'StatusChange',
  'AttachedDataChanged',
  'ParticipantsUpdated',
  'CallRecordingStateChange',
] as const;
type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** What is delivered on `/v2/me/calls`. */
export interface CallNotification {
  readonly messageType: 'CallStateChangeMessage';
  readonly notificationType: NotificationType;
  readonly call: NonNullable<ReturnType<typeof callResource>>;
  /** The user's own number. */
  readonly phoneNumber: string;
}

/** What was told of a call last. */
interface Told {
  readonly state: string;
  readonly participants: string;
  readonly capabilities: string;
  readonly deviceUri: string;
}

/** Calls of which a session remembers what was told; the oldest are forgotten first. */
const MOST_REMEMBERED = 500;

type Changed = Extract<FeedData, { __typename: 'CallChanged' }>;

/** Turns what the feed tells into what GWS would notify one of the call's users of. */
export class Notifier {
  readonly #viewpoint: Viewpoint;
  readonly #told = new Map<string, Told>();

  constructor(viewpoint: Viewpoint) {
    this.#viewpoint = viewpoint;
  }

  /** A call as it stands, of which nothing is told. */
  prime(call: CallData): void {
    const now = this.#now(call);
    if (now) this.#remember(call.id, now);
  }

  /** The notification of a change; null when it is none for this user. */
  changed({ kind, call }: Pick<Changed, 'kind' | 'call'>): CallNotification | null {
    const type = this.#typeOf({ kind, call });
    const now = this.#now(call);
    if (!now || type === null) return null;
    // Who has come is a change of its own, even if it comes with one of the state.
    const participants =
      type === 'StatusChange' ? this.#told.get(call.id)?.participants : undefined;
    this.#remember(call.id, { ...now, ...(participants !== undefined && { participants }) });
    return this.#notice(type, call);
  }

  /** Whether anything was told of the call, or known before. */
  knows(id: string): boolean {
    return this.#told.has(id);
  }

  /**
   * A call with which something else can be done than was told, because of another call: GWS has no word for that but
   * the state. Null when there is nothing new, or when it is in another state, which the feed brings in its turn.
   */
  refreshed(call: CallData): CallNotification | null {
    const before = this.#told.get(call.id);
    const now = this.#now(call);
    if (!now || now.state === 'Released') return null;
    const isNews = before?.state === now.state && before.capabilities !== now.capabilities;
    if (before && !isNews) return null;
    this.#remember(call.id, { ...now, ...(before && { participants: before.participants }) });
    return this.#notice('StatusChange', call);
  }

  #notice(notificationType: NotificationType, call: CallData): CallNotification | null {
    const isOfRecording = notificationType === 'CallRecordingStateChange';
    const resource = callResource(call, this.#viewpoint, isOfRecording);
    const phoneNumber = legOf(call, this.#viewpoint)?.extension?.number;
    if (!resource || phoneNumber === undefined) return null;
    return { messageType: 'CallStateChangeMessage', notificationType, call: resource, phoneNumber };
  }

  /** Whether a change is nothing new to this user. */
  isSilent(change: Pick<Changed, 'kind' | 'call'>): boolean {
    return this.#typeOf(change) === null;
  }

  #typeOf({ kind, call }: Pick<Changed, 'kind' | 'call'>): NotificationType | null {
    const before = this.#told.get(call.id);
    const now = this.#now(call);
    // A call may come back to who has left it.
    const isOver = before?.state === 'Released' && now?.state === 'Released';
    return now && !isOver ? typeOf(kind, before, now) : null;
  }

  #now(call: CallData): Told | null {
    const resource = callResource(call, this.#viewpoint);
    if (!resource) return null;
    const { state, participants, capabilities, deviceUri } = resource;
    return {
      ...{ state, deviceUri, participants: JSON.stringify(participants) },
      capabilities: capabilities.join(),
    };
  }

  #remember(id: string, told: Told): void {
    this.#told.delete(id);
    this.#told.set(id, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
  }
}

/** The state goes first: a change of it comes as one of the call's state, or of its legs alone. */
function typeOf(
  kind: Changed['kind'],
  before: Told | undefined,
  now: Told,
): NotificationType | null {
  const isData = kind === 'USER_DATA' || kind === 'RECORDING';
  // After its end nothing else is told of a call.
  if (now.state === 'Released' && isData) return null;
  if (kind === 'USER_DATA') return 'AttachedDataChanged';
  if (kind === 'RECORDING') return 'CallRecordingStateChange';
  if (before?.state !== now.state) return 'StatusChange';
  if (before.participants !== now.participants) {
    return kind === 'PARTICIPANTS' ? 'ParticipantsUpdated' : null;
  }
  // Somebody else has answered, or it rings at another of the user's telephones: GWS has no word for that.
  const isAsTold = before.capabilities === now.capabilities && before.deviceUri === now.deviceUri;
  return isAsTold ? null : 'StatusChange';
}
