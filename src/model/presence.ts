/** What an extension does, in the order of VoipNow's status numbers 0 to 3. */
export const PRESENCE_STATUSES = ['UNKNOWN', 'ONLINE', 'RINGING', 'BUSY'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];
