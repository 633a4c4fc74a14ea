import { GatewayError } from '../../model/errors.ts';
import { Fault } from './fault.ts';

/** What the schema calls the two ends of a call that is to be made. */
const END = /^`(from|to)` (.+)\.$/;

/** Throws what was refused; of an end, by the name that it has in the view (Create PhoneCalls, Request payload). */
export const refusedEnd =
  (names: Readonly<Record<string, string>>) =>
  (error: unknown): never => {
    const [, end = '', rule = ''] =
      error instanceof GatewayError ? (END.exec(error.message) ?? []) : [];
    const name = names[end];
    if (name === undefined) throw error;
    const said = rule.replaceAll(/`(from|to)`/g, (_, other) => `the ${names[other] ?? other}`);
    throw new Fault(`pc_${name}_invalid`, `The ${name} ${said}.`);
  };
