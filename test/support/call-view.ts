import type { CallView } from '../../src/model/call.ts';

/** Any call, as the log has it. */
export const CALL: CallView = {
  ...{ id: 'c', organizationId: 'o', connector: 'lab', epoch: 'one', nativeId: 'n' },
  ...{ state: 'CONNECTED', direction: 'INBOUND', callType: 'INBOUND', ani: null, dnis: null },
  ...{ offeredAt: '2026-01-01T00:00:00Z', answeredAt: null, endedAt: null },
  ...{ disposition: null, q850Cause: null, endedBy: null, recordingState: 'STOPPED', version: 1 },
  ...{ deletionRequestedAt: null, heldForLegal: false },
};
