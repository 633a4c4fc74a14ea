import './scalars.ts';
import './call.ts';
import './organization.ts';
import './participant.ts';
import './extension.ts';
import './presence.ts';
import './phone-call-event.ts';
import './event-delivery.ts';
import './viewer.ts';
import './connector.ts';
import './node.ts';
import './call-commands.ts';
import './call-moves.ts';
import './parking.ts';
import './recording.ts';
import './user-data.ts';
import './event-commands.ts';
import './delivery-commands.ts';
import './call-changes.ts';
import './markers.ts';
import './own-token.ts';
import './legal-hold.ts';
import './erasure.ts';
import './organization-commands.ts';
import './audit.ts';
import { builder } from './builder.ts';

/** The one schema: everything that Tandem offers goes through it, the legacy dialects included. */
export const schema = builder.toSchema({ sortSchema: false });
