import type { PlaceRequest, SwitchConnector } from '../connectors/connector.ts';
import type { NumberRules } from '../model/number-rules.ts';
import { onSwitch } from './number-spellings.ts';

/** The same connector, which is told of extensions by the numbers that they have on the switch. */
export function dialByRules(connector: SwitchConnector, rules: NumberRules): SwitchConnector {
  if (rules.extensions === null) return connector;
  const asDialled = (request: PlaceRequest): PlaceRequest => ({
    ...request,
    from: onSwitch(rules, request.from),
    to: request.toExtension ? onSwitch(rules, request.to) : request.to,
  });
  return {
    ...connector,
    async connect(events) {
      const link = await connector.connect(events);
      return { ...link, place: (request) => link.place(asDialled(request)) };
    },
  };
}
