import type { ExtensionKind, ExtensionView } from './extension.ts';
import type { PagesView } from './page.ts';

/** When a rule fires, in the order of VoipNow's type numbers 0 to 4. */
export const EVENT_TYPES = [
  'DIAL_IN',
  'DIAL_OUT',
  'HANGUP',
  'ANSWER_INCOMING',
  'ANSWER_OUTGOING',
] as const;

/** How a rule's URL is requested, in the order of VoipNow's method numbers 0 and 1. */
export const EVENT_METHODS = ['GET', 'POST'] as const;
export type EventMethod = (typeof EVENT_METHODS)[number];

/** Whether a rule fires, in the order of VoipNow's status numbers 0 and 1. */
export const EVENT_STATUSES = ['DISABLED', 'ENABLED'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** A rule of an extension: on this type of event, request this URL. Never a log record. */
export interface PhoneCallEventView {
  readonly id: string;
  readonly organizationId: string;
  /** VoipNow's number, 0 to 4. */
  readonly type: number;
  readonly method: EventMethod;
  readonly url: string;
  readonly status: EventStatus;
  readonly note: string | null;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** Since when nothing of it is sent, because a day of tries had failed; null while it is. ISO 8601. */
  readonly suspendedAt: string | null;
  readonly extension?: ExtensionView;
  /** Its lists, by the keys of the shape; absent when none was asked for. */
  readonly pages?: PagesView;
}

const KINDS_WITH_EVENTS: readonly ExtensionKind[] = ['TERMINAL', 'QUEUE', 'CONFERENCE', 'IVR'];

/** Which extensions may have rules (VoipNow, Delete PhoneCallEvents, "Allowed Extension types"). */
export const mayHaveEvents = (kind: ExtensionKind) => KINDS_WITH_EVENTS.includes(kind);

/** Spelled out as far as the host: `URL` mends `http:host` and `http:\\host`, of which SQL then reads another receiver. */
const TO_HOST = /^https?:\/\/[^/?#\\\s]/i;

/** What stands in a URL as it is; everything else is percent-encoded (RFC 3986, 2; PhoneCallEvents Resource, `url`). */
const ENCODED = /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})+$/i;

/** What a rule may request. */
export function isEventUrl(text: string): boolean {
  if (!TO_HOST.test(text) || !ENCODED.test(text)) return false;
  const parsed = text.length <= 2048 && URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && ['http:', 'https:'].includes(parsed.protocol);
}

/** What may be remarked about a rule. */
export const isEventNote = (text: string) => text.length <= 1024 && !text.includes('\0');

/** Whether the number is one of VoipNow's event types. */
export const isEventType = (type: number) => EVENT_TYPES[type] !== undefined;
