/** Why following has ended for good. */
export class FollowError extends Error {
  /**
   * One of the schema's `ErrorCode`s (of a lost login always UNAUTHENTICATED), or BAD_DOCUMENT: the document lacks
   * something; HANDLER_FAILED: a function of the application threw, see `cause`; REFUSED: the server closed the
   * connection as nothing that it understands.
   */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'FollowError';
    this.code = code;
  }
}
