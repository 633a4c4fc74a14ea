/** What an agent does, as its users see it; OFFLINE has no session. */
export const AGENT_STATES = [
  'OFFLINE',
  'READY',
  'NOT_READY',
  'AFTER_CALL_WORK',
  'AUX_WORK',
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** A user as an agent. */
export interface AgentView {
  readonly state: AgentState;
  /** Why, in the words of whoever set it; null when nothing was said. */
  readonly reason: string | null;
  /** Since when, ISO 8601; null for one that never had a session. */
  readonly since: string | null;
}

/** Who never had a session. */
export const OFFLINE: AgentView = { state: 'OFFLINE', reason: null, since: null };
