import { isEnded } from '../model/call.ts';
import { sameNumber } from '../model/phone-number.ts';
import { type PartySelector, type SwitchCall, SwitchError, type SwitchParty } from './connector.ts';

/** The leg that is meant: a live one goes before one that has left; several alike are refused, never guessed. */
export function partyOf(call: SwitchCall, selector: PartySelector): SwitchParty {
  const meant = call.parties.filter((party) =>
    'nativeId' in selector
      ? party.nativeId === selector.nativeId
      : sameNumber(party.number, selector.number),
  );
  const [first, ...more] = meant.filter((party) => !isEnded(party));
  if (more.length > 0) {
    throw new SwitchError('AMBIGUOUS_PARTY', 'Several legs of the call have this number.');
  }
  const party = first ?? meant[0];
  if (!party) throw new SwitchError('PARTY_NOT_FOUND', 'The call has no such leg.');
  return party;
}
