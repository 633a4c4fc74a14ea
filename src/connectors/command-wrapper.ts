import type { SwitchCommands } from './connector.ts';

/** Sends one command on its way, or refuses to. */
export type PassThrough = <Result>(
  command: (to: SwitchCommands) => Promise<Result>,
) => Promise<Result>;

/** All commands, each passed through one function: for whoever must look before and after every one. */
export const wrapCommands = (pass: PassThrough): SwitchCommands => ({
  place: (request) => pass((to) => to.place(request)),
  answer: (ref, party) => pass((to) => to.answer(ref, party)),
  hangup: (ref) => pass((to) => to.hangup(ref)),
  hangupParty: (ref, party) => pass((to) => to.hangupParty(ref, party)),
  patchUserData: (ref, patch) => pass((to) => to.patchUserData(ref, patch)),
  sendDtmf: (ref, digits) => pass((to) => to.sendDtmf(ref, digits)),
  transfer: (ref, party, target) => pass((to) => to.transfer(ref, party, target)),
  consult: (ref, party, request) => pass((to) => to.consult(ref, party, request)),
  complete: (consultation, as) => pass((to) => to.complete(consultation, as)),
  invite: (ref, target) => pass((to) => to.invite(ref, target)),
  listen: (ref, party, request) => pass((to) => to.listen(ref, party, request)),
  redirect: (ref, party, target) => pass((to) => to.redirect(ref, party, target)),
  park: (ref, party, returnSeconds) => pass((to) => to.park(ref, party, returnSeconds)),
  unpark: (ref, target) => pass((to) => to.unpark(ref, target)),
  setRecording: (ref, state) => pass((to) => to.setRecording(ref, state)),
  setHold: (ref, party, held) => pass((to) => to.setHold(ref, party, held)),
});
