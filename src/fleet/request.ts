import { type SwitchCommands, SwitchError } from '../connectors/connector.ts';
import type { Supervised } from '../connectors/supervisor.ts';
import type { Json } from '../model/json.ts';
import type { CarrierRequests } from './carrier.ts';

type Requests = SwitchCommands & CarrierRequests;

/** All that can be handed over to the process that has the link. */
const METHODS = {
  place: true,
  answer: true,
  hangup: true,
  hangupParty: true,
  patchUserData: true,
  sendDtmf: true,
  setHold: true,
  transfer: true,
  consult: true,
  complete: true,
  invite: true,
  listen: true,
  redirect: true,
  park: true,
  unpark: true,
  setRecording: true,
  resync: true,
  settled: true,
} as const satisfies Record<keyof Requests, true>;

export type Method = keyof typeof METHODS;

/** Carries a request out; its arguments and its result are JSON. */
export type Send = (method: Method, args: readonly Json[]) => Promise<unknown>;

/** Turns each method into a request. */
export const requestsBy = (send: Send): Requests =>
  Object.fromEntries(
    Object.keys(METHODS).map((method) => [
      method,
      (...args: Json[]) => send(method as Method, args), // a key of METHODS
    ]),
  ) as never; // each method is there, and what `perform` gives back is what the method gives

/** Does what was requested, as long as it may be done. */
export async function perform(
  supervised: Supervised,
  may: () => boolean,
  method: string,
  args: readonly Json[],
): Promise<unknown> {
  const requests: Requests = {
    ...supervised.commandsWhile(may),
    resync: () => supervised.resync(),
    settled: () => supervised.settled(),
  };
  if (!Object.hasOwn(METHODS, method) || !may()) {
    throw new SwitchError('LINK_DOWN', 'This process cannot do it, or not in time');
  }
  const request = requests[method as Method] as (...args: readonly Json[]) => Promise<unknown>; // just checked, and called by `requestsBy` of the same types
  return request(...args);
}
