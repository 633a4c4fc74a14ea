/** A request that HTTP itself forbids, or that is too large: answered before anybody else sees it. */
export class BadRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
