import type { Dialect, Route } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { credentialsOf } from './credentials.ts';
import { deleteCall } from './delete-call.ts';
import { getCallId, getCallInformation, getCallUrl } from './get-call.ts';
import { keepCall } from './keep-call.ts';
import { addMarker, getMarkers } from './markers.ts';
import { attachMetaData } from './metadata.ts';
import { muteRecording } from './mute-recording.ts';
import { actionOf } from './parameters.ts';
import { refuse } from './refusals.ts';
import { searchCalls } from './search-calls.ts';
import { invalidateToken, requestToken } from './tokens.ts';

const routes: readonly Route[] = [
  ...[requestToken, invalidateToken, deleteCall, keepCall, getCallId, getCallUrl],
  ...[getCallInformation, searchCalls, attachMetaData, addMarker, getMarkers, muteRecording],
];

/** Verba's HTTP Business API: one URI, the parameter `action` says what to do. */
export const verba: Dialect = {
  name: 'verba',
  bases: ['/verba/api'],
  routes,
  operationOf,
  credentialsOf,
  refuse,
};

/** In any letter case: the pages themselves do not agree on it. */
function operationOf(request: LegacyRequest): string | undefined {
  const action = actionOf(request);
  const known = routes.find(({ operation }) => operation?.toLowerCase() === action?.toLowerCase());
  return known?.operation ?? action;
}
