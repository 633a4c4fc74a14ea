import type { Dialect, Route } from '../dialect.ts';
import type { RefusalCode } from '../refusal.ts';
import { actionRoutes, operationOf } from './actions.ts';
import { createCallRoute } from './create-call.ts';
import { callbackRoutes } from './create-callback.ts';
import { credentialsOf } from './credentials.ts';
import { openPages } from './openapi/page.ts';
import { createEventRoute, eventRoutes } from './phone-call-events.ts';
import { phoneCallRoutes } from './phone-calls.ts';
import { presenceRoute } from './presence.ts';
import {
  CREATE_CALL_REFUSALS,
  CREATE_EVENT_REFUSALS,
  EVENT_REFUSALS,
  envelope,
  notLetIn,
  REFUSALS,
  type Words,
} from './refusals.ts';
import { STANDARD_SETTINGS, type VoipnowSettings } from './settings.ts';

/** 4PSA VoipNow's UnifiedAPI; `/unifiedapi` is its older name, which 4PSA's own demo apps still use. */
export function createVoipnow(settings: VoipnowSettings = STANDARD_SETTINGS): Dialect {
  const events = eventRoutes(settings);
  const creating = [createCallRoute, ...callbackRoutes];
  const words = new Map<Route, Record<RefusalCode, Words>>([
    [createEventRoute, CREATE_EVENT_REFUSALS],
    ...events.map((route) => [route, EVENT_REFUSALS] as const),
    ...creating.map((route) => [route, CREATE_CALL_REFUSALS] as const),
  ]);
  const routes = [
    createEventRoute,
    ...events,
    ...creating,
    ...phoneCallRoutes(settings),
    ...actionRoutes,
    presenceRoute(settings),
  ];
  return {
    name: 'voipnow',
    bases: ['/uapi', '/unifiedapi'],
    routes,
    openTo: openPages(routes),
    operationOf,
    credentialsOf,
    refuse: (refusal, request, route) => {
      if (refusal.code === 'UNAUTHENTICATED') {
        const hasToken = credentialsOf(request).kind === 'token';
        return notLetIn(refusal, hasToken ? settings.badTokenStatus : 401, hasToken);
      }
      return envelope(refusal, (route && words.get(route)) ?? REFUSALS);
    },
  };
}
