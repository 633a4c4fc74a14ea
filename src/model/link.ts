/** How the link to a switch is. UP: connected, and all that lived on the switch has been taken. CONNECTING: on the way there, for the first time or from a list that could not be taken. */
export const LINK_STATES = ['CONNECTING', 'UP', 'DOWN', 'STOPPED'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** Where the process is that has the link to a switch. */
export const LINK_OWNERS = ['HERE', 'ELSEWHERE', 'NOBODY'] as const;
export type LinkOwner = (typeof LINK_OWNERS)[number];

/** A link, told to those who watch it. */
export interface LinkReport {
  readonly link: LinkState;
  /** Since when it is so. */
  readonly since: Date;
  /** Why there is no link, or was none last, or why what lives on the switch cannot be taken; null while it is UP. */
  readonly lastError: string | null;
}
