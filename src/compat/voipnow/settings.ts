/** What VoipNow's pages and its clients do not agree about, left to whoever runs this server. */
export interface VoipnowSettings {
  /** The status of an empty list: the pages say 204, but clients read a body. */
  readonly emptyListStatus: 200 | 204;
  /** The status for a token that is not valid: the pages say 401, but 4PSA's demo apps renew theirs at 403 alone. */
  readonly badTokenStatus: 401 | 403;
}

/** What works with most clients. */
export const STANDARD_SETTINGS: VoipnowSettings = { emptyListStatus: 200, badTokenStatus: 401 };
