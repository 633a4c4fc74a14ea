import type { Dialect } from '../dialect.ts';
import { actionRoutes, operationOf } from './actions.ts';
import { createCallRoute } from './create-call.ts';
import { callbackRoutes } from './create-callback.ts';
import { credentialsOf } from './credentials.ts';
import { openPages } from './openapi/page.ts';
import { createEventRoute, eventRoutes } from './phone-call-events.ts';
import { phoneCallRoutes } from './phone-calls.ts';
import { presenceRoute } from './presence.ts';
import { CREATE_EVENT_REFUSALS, EVENT_REFUSALS, envelope, notLetIn, REFUSALS } from './refusals.ts';
import { STANDARD_SETTINGS, type VoipnowSettings } from './settings.ts';

/** 4PSA VoipNow's UnifiedAPI; `/unifiedapi` is its older name, which 4PSA's own demo apps still use. */
export function createVoipnow(settings: VoipnowSettings = STANDARD_SETTINGS): Dialect {
  const events = eventRoutes(settings);
  const routes = [
    createEventRoute,
    ...events,
    createCallRoute,
    ...callbackRoutes,
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
      const isOfEvents = route !== undefined && events.includes(route);
      const others = isOfEvents ? EVENT_REFUSALS : REFUSALS;
      const words = route === createEventRoute ? CREATE_EVENT_REFUSALS : others;
      return envelope(refusal, words);
    },
  };
}
