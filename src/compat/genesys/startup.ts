import { type Route, route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { agentStateSettings } from './agent-states.ts';
import { collection, success } from './answer.ts';

const Nothing = graphql(`query GenesysStartup { viewer { id } }`);

/** What desktops ask for at their start: it must be there, and says what there is. */
const resource = <const Path extends string>(
  path: Path,
  respond: (request: LegacyRequest) => Response,
): Route =>
  route({
    methods: ['GET'],
    path,
    document: Nothing,
    refusedAs: {} as never, // these paths have no parameters
    variables: () => ({}),
    respond: (_data, request) => respond(request),
  });

/** Of what this server has none. */
const none = (path: string, name: string) =>
  resource(path, (request) => collection(request, name, []));

/** The small resources of a desktop's start. */
export const startupRoutes: readonly Route[] = [
  resource('/settings/agent-states', () => success({ settings: agentStateSettings })),
  resource('/settings', () => success({ settings: [] })),
  resource('/me/settings', () => success({ settings: [] })),
  resource('/me/features', () =>
    success({ features: [{ id: 'api-voice', displayName: 'API Voice' }] }),
  ),
  resource('/diagnostics/version', () => success({ version: '8.5.202.96' })),
  none('/me/skills', 'skills'),
  none('/me/interactions', 'interactions'),
  none('/me/chats', 'chats'),
  none('/me/emails', 'emails'),
  none('/me/workitems', 'workitems'),
  none('/me/workbins', 'workbins'),
  none('/services', 'services'),
  none('/contacts', 'contacts'),
];
