/** Names of things of one organization, as somebody of another one would try them. */
export interface Names {
  readonly callId: string;
  readonly liveCallId: string;
  /** Of the call that has ended: a recorded name. */
  readonly native: string;
  readonly extension: string;
  readonly extensionId: string;
  readonly eventId: string;
  /** Of what that rule has fired. */
  readonly deliveryId: string;
  readonly userNumber: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly erasureId: string;
  /** A party of the live call. */
  readonly party: string;
}

type Args = Readonly<Record<string, unknown>>;
/** The arguments to try; `own` is an extension of the attacker's. */
type Attacks = (names: Names, own: string) => readonly Args[];

/** A call by each of its names. */
const references = (names: Names) => [
  { callId: names.callId },
  { callId: names.liveCallId },
  { callId: names.liveCallId.toUpperCase() },
  { identifier: { scheme: 'NATIVE', value: names.native } },
  { identifier: { scheme: 'VERBA', value: names.liveCallId } },
  { identifier: { scheme: 'VOIPNOW', value: names.liveCallId.replaceAll('-', '') } },
  { identifier: { scheme: 'GENESYS', value: names.callId.replaceAll('-', '').toUpperCase() } },
];

const ofCall =
  (more: Args = {}): Attacks =>
  (names) =>
    references(names).map((reference) => ({ input: { ...reference, ...more } }));

/** A call by each of its names, or by its numbers. */
const bySelector =
  (more: Args = {}): Attacks =>
  (names) => [
    ...references(names).map((selector) => ({ input: { selector, ...more } })),
    ...[names.extension, names.party].map((number) => ({
      input: { selector: { number, status: ['ONGOING', 'LAST'] }, ...more },
    })),
  ];

const completing: Attacks = (names, own) => [
  ...ofCall()(names, own),
  ...references(names).flatMap((consultation) => ofCall({ consultation })(names, own)),
];

const ofPhone =
  (more: Args): Attacks =>
  (names) => [
    { input: { extension: names.extension, ...more } },
    { input: { owner: names.userNumber, extension: names.extension, ...more } },
    { input: { extensionId: names.extensionId, ...more } },
  ];

const rule = { type: 0, url: 'https://evil.example/' };

/** Every root field with an argument that can name something, and how to name what is another's. */
export const ATTACKS: Readonly<Record<string, Attacks>> = {
  node: (names) =>
    [
      ...[names.callId, names.liveCallId, names.extensionId, names.eventId, names.userId],
      names.deliveryId,
    ].map((id) => ({ id })),
  call: (names) => [
    ...references(names).map((selector) => ({ selector })),
    { selector: { number: names.party, status: ['ONGOING', 'LAST'] } },
    { id: names.callId },
    ...references(names).flatMap(({ identifier }) => (identifier ? [{ identifier }] : [])),
  ],
  calls: (names) => [
    { filter: { extensions: [names.extension] } },
    { filter: { number: names.party } },
    { filter: { anyNumber: [names.party, names.extension] } },
    { filter: { anyName: [names.party] } },
    { owner: names.userNumber },
    { extension: names.extension },
    { owner: names.userNumber, extension: names.extension },
    ...references(names).flatMap(({ identifier }) =>
      identifier ? [{ filter: { identifier } }] : [],
    ),
  ],
  extensions: (names) => [{ owner: names.userNumber }, { numbers: [names.extension] }],
  extension: (names) => [
    { number: names.extension },
    { number: names.extension, owner: names.userNumber },
  ],
  phoneCallEvents: (names) => [
    { extension: names.extension },
    { owner: names.userNumber },
    { owner: '@owner', extension: names.extension },
  ],
  answerCall: ofCall({ participant: '01' }),
  holdCall: ofCall({ participant: '01' }),
  retrieveCall: ofCall({ participant: '01' }),
  sendDtmf: ofCall({ digits: '1' }),
  transferCall: ofCall({ to: '1', participant: '00' }),
  conferenceCall: ofCall({ to: '1', participant: '00' }),
  redirectCall: ofCall({ to: '1', participant: '01' }),
  monitorCall: ofCall({ to: '1', participant: '00' }),
  bargeIntoCall: ofCall({ to: '1', participant: '00' }),
  whisperToCall: ofCall({ to: '1', participant: '00' }),
  parkCall: ofCall({ participant: '00' }),
  unparkCall: ofCall({ to: '1' }),
  consultCall: ofCall({ to: '1' }),
  removeParticipant: (names, own) => ofCall({ number: names.party })(names, own),
  completeTransfer: completing,
  completeConference: completing,
  swapCalls: (names, own) => [
    ...ofCall()(names, own),
    ...references(names).flatMap((other) => ofCall({ other })(names, own)),
  ],
  leaveCall: ofCall(),
  startRecording: (names, own) => [
    ...ofCall({ participant: '00' })(names, own),
    ...bySelector()(names, own),
  ],
  stopRecording: (names, own) => [
    ...ofCall({ participant: '00' })(names, own),
    ...bySelector()(names, own),
  ],
  pauseRecording: (names, own) => [
    ...ofCall({ participant: '00' })(names, own),
    ...bySelector()(names, own),
  ],
  resumeRecording: (names, own) => [
    ...ofCall({ participant: '00' })(names, own),
    ...bySelector()(names, own),
  ],
  attachUserData: (names, own) => [
    ...ofCall({ userData: { stolen: '1' } })(names, own),
    ...ofCall({ userData: { stolen: '1' }, extensionId: names.extensionId })(names, own),
    ...bySelector({ userData: { stolen: '1' } })(names, own),
  ],
  updateUserData: ofCall({ userData: { stolen: '1' } }),
  deleteUserDataPair: ofCall({ key: 'secret' }),
  deleteUserData: ofCall(),
  hangupPhoneCall: (names, own) => [
    ...ofCall()(names, own),
    ...ofCall({ extension: own, phoneNumber: names.party })(names, own),
    { input: { extension: names.extension } },
    { input: { owner: names.userNumber } },
    { input: { owner: names.userNumber, extension: names.extension } },
    { input: { owner: '@owner', extension: names.extension } },
    { input: { owner: '@me', callId: names.liveCallId } },
    { input: { extension: own, onlyCallIds: [names.liveCallId] } },
  ],
  placeCall: (names) => [
    { input: { extension: names.extension, to: '110' } },
    { input: { owner: names.userNumber, extension: names.extension, to: '110' } },
    { input: { extensionId: names.extensionId, to: '110' } },
  ],
  setDoNotDisturb: ofPhone({ on: true }),
  setForwarding: ofPhone({ to: '110' }),
  placeCallback: (names, own) => [
    { input: { extension: names.extension, from: '111', to: '110' } },
    { input: { owner: names.userNumber, extension: names.extension, from: '111', to: '110' } },
    { input: { extension: own, from: names.extension, to: '110' } },
  ],
  inviteToConference: (names, own) => [
    { input: { extension: names.extension, from: '111' } },
    { input: { owner: names.userNumber, extension: names.extension, from: '111' } },
    { input: { extension: own, from: names.extension } },
  ],
  holdCallForLegal: bySelector(),
  releaseLegalHold: bySelector(),
  addMarker: bySelector({ name: 'mine', startMs: 0 }),
  setGetAllowed: (names) => [{ input: { allowed: false, organizationId: names.organizationId } }],
  organizationSettings: (names) => [{ organizationId: names.organizationId }],
  erasure: (names) => [{ id: names.erasureId }],
  eraseSubject: (names) => [
    { input: { number: names.party, dryRun: true } },
    { input: { number: names.party, organizationId: names.organizationId, dryRun: true } },
    { input: { number: names.party, organizationId: names.organizationId } },
  ],
  stopErasure: (names) => [{ input: { erasureId: names.erasureId } }],
  resumeErasure: (names) => [{ input: { erasureId: names.erasureId } }],
  setRetention: (names) => [{ input: { days: 1, organizationId: names.organizationId } }],
  deleteCall: bySelector(),
  createPhoneCallEvent: (names, own) => [
    { input: { extension: names.extension, ...rule } },
    { input: { extension: own, owner: names.userNumber, ...rule } },
  ],
  updatePhoneCallEvent: (names, own) => [
    { input: { extension: names.extension, eventId: names.eventId, note: 'mine' } },
    { input: { extension: own, eventId: names.eventId, note: 'mine' } },
    { input: { extension: own, owner: names.userNumber, eventId: names.eventId, note: 'mine' } },
  ],
  deletePhoneCallEvents: (names, own) => [
    { input: { extension: names.extension } },
    { input: { extension: own, eventId: names.eventId } },
    { input: { extension: own, owner: names.userNumber, eventId: names.eventId } },
  ],
  resumePhoneCallEvent: (names, own) => [
    { input: { extension: names.extension, eventId: names.eventId } },
    { input: { extension: own, eventId: names.eventId } },
    { input: { extension: own, owner: names.userNumber, eventId: names.eventId } },
  ],
  redeliverPhoneCallEvent: (names) => [{ input: { deliveryId: names.deliveryId } }],
  rotateWebhookSecret: (names) => [{ input: { organizationId: names.organizationId } }],
  auditEntries: (names) => [
    { filter: { subject: names.callId } },
    { filter: { subject: names.liveCallId } },
    { filter: { subject: names.eventId } },
  ],
  callChanges: (names) => [
    { filter: { extensions: [names.extension] } },
    { filter: { callIds: [names.liveCallId] } },
  ],
};

/** Texts that name nothing: by the last part of where they stand. */
export const NO_NAMES = new Set([
  ...['after', 'before', 'clientMutationId', 'idempotencyKey', 'digits', 'key', 'url', 'note'],
  // What somebody calls a marker, or himself.
  'name',
  'callerName',
  // Why an agent is not ready.
  'reason',
  // The name of a mutation.
  'operation',
  // Whatever is dialled that is no extension of one's own goes outside.
  'to',
]);

const EVENT = '{"type":"0","method":"1","url":"https://evil.example/","note":"mine"}';

const MONITOR = '{"action":"Monitor","sendCallTo":"110","phoneCallViewId":"00"}';
const callbackOf = (extension: string) =>
  JSON.stringify({ extension, phoneCallView: [{ source: '111', destination: '110' }] });

/** Legacy requests for what is another's: method, path and body. */
export const LEGACY_ATTACKS = (names: Names, own: string) => {
  const number = encodeURIComponent(names.extension);
  const id = names.liveCallId.replaceAll('-', '');
  return [
    ['GET', `/uapi/extensions/@me/${number}/phoneCallEvents`],
    ['GET', `/uapi/extensions/${names.userNumber}/${number}/phoneCallEvents/0/${names.eventId}`],
    ['POST', `/uapi/extensions/@owner/${number}/phoneCallEvents`, EVENT],
    ['PUT', `/uapi/extensions/@me/${number}/phoneCallEvents/0/${names.eventId}`, EVENT],
    [
      'PUT',
      `/uapi/extensions/@me/${encodeURIComponent(own)}/phoneCallEvents/${names.eventId}`,
      EVENT,
    ],
    ['GET', `/uapi/extensions/@me/${number}/presence`],
    ['GET', `/uapi/extensions/${names.userNumber}/@self/presence`],
    ['GET', `/uapi/phoneCalls/@me/${number}`],
    ['GET', `/uapi/phoneCalls/${names.userNumber}/@self`],
    ['GET', `/uapi/phoneCalls/@owner/@self/${id}`],
    ['PUT', `/uapi/phoneCalls/@me/${number}/${id}`, '{"action":"OnHold","phoneCallViewId":"01"}'],
    ['PUT', `/uapi/phoneCalls/@me/@self/${id}`, '{"action":"Transfer","sendCallTo":"110"}'],
    ['PUT', `/uapi/phoneCalls/@me/${number}`, '{"action":"OnHold","phoneCallViewId":"01"}'],
    [
      'PUT',
      `/uapi/phoneCalls/${names.userNumber}/@self`,
      '{"action":"Park","phoneCallViewId":"0"}',
    ],
    ['PUT', `/uapi/phoneCalls/@me/@self/${id}`, MONITOR],
    ['POST', '/uapi/phoneCalls/@me/callback', callbackOf(names.extension)],
    ['POST', '/uapi/phoneCalls/@me/conferenceInvite', callbackOf(names.extension)],
    [
      'POST',
      '/uapi/phoneCalls/@me/simple',
      JSON.stringify({ extension: names.extension, phoneCallView: [{ destination: '110' }] }),
    ],
    ['DELETE', `/uapi/extensions/@me/${number}/phoneCallEvents`],
    ['DELETE', `/uapi/extensions/@owner/${number}/phoneCallEvents/0/${names.eventId}`],
    ['DELETE', `/uapi/extensions/${names.userNumber}/${number}/phoneCallEvents`],
    [
      'DELETE',
      `/uapi/extensions/@me/${encodeURIComponent(own)}/phoneCallEvents/0/${names.eventId}`,
    ],
    ['DELETE', `/uapi/phoneCalls/@me/${number}`],
    ['DELETE', `/uapi/phoneCalls/${names.userNumber}/@self`],
    ['DELETE', `/uapi/phoneCalls/@me/@self/${id}`],
    ['DELETE', `/uapi/phoneCalls/@me/${number}/${id}?phoneNumber=${names.party}`],
    ['POST', `/api/v2/me/calls/${id.toUpperCase()}`, '{"operationName":"DeleteUserData"}'],
  ] as const;
};
