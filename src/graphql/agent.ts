import { AGENT_STATES, type AgentView } from '../model/agent.ts';
import { readAgentState, setAgentState } from '../operations/agent-state.ts';
import { readList } from '../operations/read.ts';
import { builder } from './builder.ts';
import { CallConnection, callConnection } from './connections.ts';
import { CallStateRef, describedEnum } from './enums.ts';
import { onceField } from './mutation.ts';
import { ExtensionRef } from './refs.ts';
import { selectionOf } from './selection.ts';
import { callList, extensionShape } from './shapes.ts';
import { ViewerRef } from './viewer.ts';

/** More telephones than anybody has. */
const MOST_DEVICES = 100;

const AgentStateRef = describedEnum('AgentState', 'What an agent does.', AGENT_STATES, {
  OFFLINE: 'It has no session; calls to it are answered by whatever does so.',
  READY: 'It takes calls.',
  NOT_READY: 'It has a session and takes none.',
  AFTER_CALL_WORK: 'It deals with the last call.',
  AUX_WORK: 'It does other work.',
});

const AgentRef = builder.objectRef<AgentView>('Agent').implement({
  description: 'A user as an agent.',
  fields: (t) => ({
    state: t.expose('state', { type: AgentStateRef, description: 'What it does.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, in the words of whoever set it; null when nothing was said.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when; null for one that never had a session.',
    }),
  }),
});

builder.objectFields(ViewerRef, (t) => ({
  agentState: t.field({
    type: AgentRef,
    description: 'What the user does as an agent.',
    resolve: (_viewer, _args, context) => readAgentState(context),
  }),
  devices: t.field({
    type: [ExtensionRef],
    description: `The telephones that the user itself owns, by number; ${MOST_DEVICES} at most.`,
    resolve: async ({ userId }, _args, context, info) => {
      const page = { limit: MOST_DEVICES, backward: false, after: null, before: null };
      const filter = { ownerId: userId, kinds: ['TERMINAL'] as const };
      const shape = extensionShape(selectionOf(info));
      return (await readList(context, { of: 'extensions', total: false, page, filter, shape }))
        .rows;
    },
  }),
  calls: t.field({
    type: CallConnection,
    description: 'The calls in which an extension of the user itself takes part, the newest first.',
    args: {
      states: t.arg({ type: [CallStateRef], description: 'Only calls in one of these states.' }),
      onPhone: t.arg.boolean({
        description:
          'Whether only those in which a telephone of the user itself is now: not what waits in a queue, nor what it has left to others. Default: no.',
      }),
      ...t.arg.connectionArgs(),
    },
    resolve: async ({ userId, organizationId }, { onPhone, ...args }, context, info) => {
      const own = { ...context, visibility: { organizationId, ownerId: userId } };
      const filter = onPhone ? { phonesOf: userId } : {};
      const list = callList({ ...args, filter }, selectionOf(info));
      return callConnection(await readList(own, list), list.page);
    },
  }),
}));

builder.relayMutationField(
  'setAgentState',
  {
    description: 'What the user does from now on.',
    inputFields: (t) => ({
      state: t.field({ type: AgentStateRef, required: true, description: 'What it does.' }),
      reason: t.string({ description: 'Why, at most 255 characters.' }),
      inSession: t.boolean({
        description:
          'Whether to refuse it as WRONG_STATE while you are OFFLINE; left out, that begins a session.',
      }),
      ...onceField(t),
    }),
  },
  {
    description:
      'Says what you do as an agent. While you are not OFFLINE, calls to your extensions on the simulated switch ring until you answer; it routes no calls. Scope CONTROL.',
    resolve: (_, { input }, context) => setAgentState(context, input),
  },
  {
    description: 'The agent.',
    outputFields: (t) => ({
      agent: t.field({
        type: AgentRef,
        description: 'As it is now.',
        resolve: (_receipt, _args, context) => readAgentState(context),
      }),
    }),
  },
);
