import type {
  CallView,
  IdentifierView,
  MarkerView,
  OrganizationView,
  ParticipantView,
} from '../model/call.ts';
import type { DeliveryView } from '../model/event-delivery.ts';
import type { ExtensionView, OwnerView } from '../model/extension.ts';
import type { EventRow } from '../store/queries/read.ts';
import { builder } from './builder.ts';

/** The nouns that refer to each other, before their fields. */
export const CallRef = builder.objectRef<CallView>('Call');
export const ParticipantRef = builder.objectRef<ParticipantView>('Participant');
export const IdentifierRef = builder.objectRef<IdentifierView>('CallIdentifier');
export const OrganizationRef = builder.objectRef<OrganizationView>('Organization');
export const MarkerRef = builder.objectRef<MarkerView>('CallMarker');
export const ExtensionRef = builder.objectRef<ExtensionView>('Extension');
export const OwnerRef = builder.objectRef<OwnerView>('User');
export const EventRef = builder.objectRef<EventRow>('PhoneCallEvent');
export const DeliveryRef = builder.objectRef<DeliveryView>('PhoneCallEventDelivery');

/** What Relay refetches by `node(id:)`. Ids are what legacy systems and logs show: uuids, and VoipNow's event ids. */
export const NodeRef = builder.interfaceRef<{ readonly id: string }>('Node').implement({
  description: 'Anything that `node` finds by its id.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id, unique among all nodes that the caller sees.' }),
  }),
});
