import type { PlaceRequest, SwitchConnector, TransferTarget } from '../connectors/connector.ts';
import type { NumberRules } from '../model/number-rules.ts';
import { onSwitch } from './number-spellings.ts';

/** The same connector, which is told of extensions by the numbers that they have on the switch. */
export function dialByRules(connector: SwitchConnector, rules: NumberRules): SwitchConnector {
  if (rules.extensions === null) return connector;
  const toDialled = <Target extends TransferTarget>(target: Target): Target => ({
    ...target,
    to: target.toExtension ? onSwitch(rules, target.to) : target.to,
  });
  const asDialled = (request: PlaceRequest): PlaceRequest => ({
    ...toDialled(request),
    from: request.fromExtension === false ? request.from : onSwitch(rules, request.from),
  });
  return {
    ...connector,
    async connect(events) {
      const link = await connector.connect(events);
      return {
        ...link,
        place: (request) => link.place(asDialled(request)),
        transfer: (ref, party, target) => link.transfer(ref, party, toDialled(target)),
        consult: (ref, party, request) => link.consult(ref, party, toDialled(request)),
        invite: (ref, target) => link.invite(ref, toDialled(target)),
        unpark: (ref, target) => link.unpark(ref, toDialled(target)),
        listen: (ref, party, request) => link.listen(ref, party, toDialled(request)),
        redirect: (ref, party, target) => link.redirect(ref, party, toDialled(target)),
      };
    },
  };
}
