/**
 * How long a client may take to hear that its credentials have ended before it is cut off. That they have is seen
 * within half a second, and after a whole one nothing shall reach it.
 */
export const GRACE_MS = 300;
