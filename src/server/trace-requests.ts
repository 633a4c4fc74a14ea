import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUuid } from '../model/identifiers.ts';
import type { Span, Tracing } from '../observe/tracing.ts';

type Listener = (message: IncomingMessage, target: ServerResponse) => Promise<void>;

/** What requests are told apart by: the rest of a path names numbers, users and calls. */
const PLACES = new Set([
  ...['/graphql', '/uapi', '/unifiedapi', '/api', '/verba', '/oauth', '/export'],
  ...['/health', '/ready', '/metrics'],
]);

/** Makes a span of each request, from its head to the end of its answer. */
export function traceRequests(listener: Listener, tracing: Tracing | null | undefined): Listener {
  if (!tracing) return listener;
  return (message, target) => {
    const answering = (span: Span | null) => {
      if (span) target.once('close', () => finish(span, target));
      return listener(message, target);
    };
    // What streams goes on for hours, and reads what others have asked for, too.
    const isOver = () => target.headersSent;
    return tracing.begin(stepOf(message), message.headers, answering, isOver);
  };
}

function stepOf({ method = '', url = '' }: IncomingMessage) {
  const [place = ''] = /^\/[a-z]*/.exec(url) ?? [];
  const route = PLACES.has(place) ? { 'http.route': place } : {};
  return {
    name: [method, ...Object.values(route)].join(' '),
    kind: 'SERVER',
    attributes: { 'http.request.method': method, ...route },
  } as const;
}

function finish(span: Span, target: ServerResponse): void {
  const { statusCode, headersSent } = target;
  const requestId = target.getHeader('x-request-id');
  // A client may have chosen it, and named somebody.
  if (typeof requestId === 'string' && isUuid(requestId))
    span.set({ 'tandem.request_id': requestId });
  if (headersSent) span.set({ 'http.response.status_code': statusCode });
  if (!headersSent) span.fail('aborted');
  else if (statusCode >= 500) span.fail(String(statusCode));
  span.end();
}
