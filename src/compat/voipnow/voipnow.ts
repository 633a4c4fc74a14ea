import type { Dialect } from '../dialect.ts';
import { credentialsOf } from './credentials.ts';
import { eventRoutes } from './phone-call-events.ts';
import { phoneCallRoutes } from './phone-calls.ts';
import { EVENT_REFUSALS, envelope, REFUSALS } from './refusals.ts';

/** 4PSA VoipNow's UnifiedAPI; `/unifiedapi` is its older name, which 4PSA's own demo apps still use. */
export const voipnow: Dialect = {
  name: 'voipnow',
  bases: ['/uapi', '/unifiedapi'],
  routes: [...eventRoutes, ...phoneCallRoutes],
  credentialsOf,
  refuse: (refusal, _, route) => {
    const ofEvents = route !== undefined && eventRoutes.includes(route);
    return envelope(refusal, ofEvents ? EVENT_REFUSALS : REFUSALS);
  },
};
