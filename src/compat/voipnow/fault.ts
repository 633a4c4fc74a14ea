import { GatewayError } from '../../model/errors.ts';

/** Something wrong with one parameter, for which VoipNow has a word of its own (HTTP Return Codes). */
export class Fault extends GatewayError {
  /** Such as `count_invalid`. */
  readonly word: string;

  constructor(word: string, message: string) {
    super('BAD_INPUT', message);
    this.word = word;
  }
}
