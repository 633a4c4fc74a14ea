import type { AgentState } from '../../model/agent.ts';

/** What an agent does. */
export interface AgentData {
  readonly state: AgentState;
  readonly reason: string | null;
}

interface Words {
  readonly id: string;
  /** The operation that brings an agent there. */
  readonly operationName: string;
  readonly displayName: string;
  readonly state: string;
  readonly workMode?: string;
}

/** Agent states with GWS's own ids and names, where they are known (Not Ready, After Call Work, Aux Work). */
const STATES: Readonly<Record<AgentState, Words>> = {
  READY: {
    id: '9430250E-0A1B-421F-B372-F29E69366DED',
    operationName: 'Ready',
    displayName: 'Ready',
    state: 'Ready',
  },
  NOT_READY: {
    id: '900D55CC-2BB0-431F-8BF9-D3525B383BE6',
    operationName: 'NotReady',
    displayName: 'Not Ready',
    state: 'NotReady',
  },
  AFTER_CALL_WORK: {
    id: 'D3663509-3D82-4DD3-A82E-2EA8EFA02AEF',
    operationName: 'AfterCallWork',
    displayName: 'AfterCallWork',
    state: 'NotReady',
    workMode: 'AfterCallWork',
  },
  AUX_WORK: {
    id: '2B36138D-C564-4562-A8CB-3C32D564F296',
    operationName: 'AuxWork',
    displayName: 'AuxWork',
    state: 'NotReady',
    workMode: 'AuxWork',
  },
  OFFLINE: {
    id: 'F1ED9F6E-ABDA-4A41-9D0F-ABE38A86A37E',
    operationName: 'Offline',
    displayName: 'Offline',
    state: 'LoggedOut',
  },
};

/** The state as devices and channels have it. */
export function userStateOf({ state, reason }: AgentData) {
  const { id, displayName, state: name, workMode } = STATES[state];
  return {
    ...{ id, displayName, state: name },
    ...(workMode !== undefined && { workMode }),
    ...(reason !== null && { reason }),
  };
}

/** `settings` of `/settings/agent-states`. */
export const agentStateSettings = Object.values(STATES).map(({ state, ...words }) => ({
  ...words,
  name: words.operationName,
  agentState: state,
  enabled: true,
}));

/** The state to which an operation of a channel brings an agent. */
export const agentOperations: readonly (readonly [operation: string, state: AgentState])[] = [
  ['Ready', 'READY'],
  ['NotReady', 'NOT_READY'],
  ['AfterCallWork', 'AFTER_CALL_WORK'],
  ['AuxWork', 'AUX_WORK'],
  ['Offline', 'OFFLINE'],
];
