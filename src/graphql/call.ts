import { defaultFieldResolver } from 'graphql';
import { durationOf } from '../model/call.ts';
import { GatewayError } from '../model/errors.ts';
import { capabilitiesOf } from '../operations/capabilities.ts';
import { ownConsultations } from '../operations/leg-to-command.ts';
import { readListOf } from '../operations/read.ts';
import { readMarkers } from '../operations/read-markers.ts';
import { readOrganization } from '../operations/read-organization.ts';
import { readParentIdentifiers } from '../operations/read-parent-identifiers.ts';
import { findSelected } from '../operations/select-call.ts';
import { builder } from './builder.ts';
import { CallFilterInput, CallIdentifierInput, CallSelectorInput } from './call-inputs.ts';
import { CallConnection, callConnection } from './connections.ts';
import {
  CallStateRef,
  CallTypeRef,
  CapabilityRef,
  DirectionRef,
  DispositionRef,
  EndedByRef,
  IdentifierSchemeRef,
  RecordingStateRef,
} from './enums.ts';
import { notFoundAsNull } from './not-found.ts';
import { OWNER } from './owner.ts';
import {
  CallRef,
  IdentifierRef,
  MarkerRef,
  NodeRef,
  OrganizationRef,
  ParticipantRef,
} from './refs.ts';
import { selectionOf } from './selection.ts';
import { callList, callShape } from './shapes.ts';

CallRef.implement({
  description: 'A call: two or more participants, from the first offer to the end.',
  interfaces: [NodeRef],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'offeredAt' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the call, a uuid.' }),
    state: t.expose('state', { type: CallStateRef, description: 'Where the call stands.' }),
    direction: t.expose('direction', { type: DirectionRef, description: 'Which way it goes.' }),
    callType: t.expose('callType', { type: CallTypeRef, description: 'Its kind.' }),
    parentId: t.exposeID('parentId', {
      nullable: true,
      description:
        'The id of the call about which it consults, which need not be visible; null when it does not.',
    }),
    ani: t.exposeString('ani', {
      nullable: true,
      description: 'The calling number; null when withheld.',
    }),
    dnis: t.exposeString('dnis', {
      nullable: true,
      description: 'The dialled number; null when unknown.',
    }),
    offeredAt: t.expose('offeredAt', {
      type: 'DateTime',
      description: 'When it was offered to the switch.',
    }),
    answeredAt: t.expose('answeredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was answered; null if it never was.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it is up.',
    }),
    duration: t.int({
      description: 'Seconds from the offer to the end, or until now while it is up.',
      resolve: (call) => durationOf(call, new Date()),
    }),
    disposition: t.expose('disposition', {
      type: DispositionRef,
      nullable: true,
      description: 'Why it ended; null while it is up.',
    }),
    q850Cause: t.exposeInt('q850Cause', {
      nullable: true,
      description:
        'The ITU-T Q.850 cause, such as 16 for normal clearing; null while it is up or when unknown.',
    }),
    endedBy: t.expose('endedBy', {
      type: EndedByRef,
      nullable: true,
      description: 'Who ended it; null while it is up.',
    }),
    recordingState: t.expose('recordingState', {
      type: RecordingStateRef,
      description: 'Whether it is being recorded.',
    }),
    recordingSince: t.expose('recordingSince', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when it is recorded, as far as Tandem was told, whether paused meanwhile or not; null while it is not.',
    }),
  }),
});

builder.objectFields(CallRef, (t) => ({
  userData: t.expose('userData', {
    type: 'JSON',
    nullable: true,
    description: 'Data that applications have attached to the call; null when there is none.',
  }),
  participants: t.field({
    type: [ParticipantRef],
    description: 'Its legs, the caller’s first.',
    // They are read whenever they are asked for; what is a property is compiled into the operation.
    resolve: defaultFieldResolver as () => never,
  }),
  capabilities: t.field({
    type: [CapabilityRef],
    description:
      'What can be done with it as it stands. In a change it is as the call was then: what becomes of a consultation about it is a change of that call, by `parentId`, and may change what can be done here.',
    resolve: (call, _, context) => capabilitiesOf(context, call),
  }),
  consultationIds: t.idList({
    description:
      'The ids of the live calls by which extensions that you may command consult about it. In a change they are those of then: that a consultation begins or ends is a change of that call alone, whose `parentId` names this one.',
    resolve: (call, _, context) => ownConsultations(context, call).map(({ id }) => id),
  }),
  identifiers: t.field({
    type: [IdentifierRef],
    description: 'Its recorded names in other systems.',
    resolve: ({ identifiers }) => identifiers ?? [],
  }),
  parentIdentifiers: t.field({
    type: [IdentifierRef],
    description:
      'The recorded names of the call about which it consults; none when that is not visible.',
    resolve: (call, _, context) =>
      call.parentIdentifiers ?? readParentIdentifiers(context, call.parentId),
  }),
  markers: t.field({
    type: [MarkerRef],
    description:
      'Places in it that somebody has marked, in order. They come and go without a change.',
    // What the log has of a call is without them.
    resolve: (call, _, context) => call.markers ?? readMarkers(context, call.id),
  }),
  organization: t.field({
    type: OrganizationRef,
    description: 'Whose call it is.',
    // The log has no more of it than its id.
    resolve: (call, _, context) =>
      call.organization ?? readOrganization(context, call.organizationId),
  }),
  connector: t.exposeString('connector', {
    nullable: true,
    description:
      'The switch that carries it, by its id in the configuration; null for an imported call.',
  }),
  version: t.exposeInt('version', { description: 'Grows by one with each change.' }),
  deletionRequestedAt: t.expose('deletionRequestedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Since when it is marked to be deleted when it ends; null when it is not.',
  }),
  heldForLegal: t.exposeBoolean('heldForLegal', {
    description: 'Whether a legal hold keeps it from being deleted.',
  }),
}));

MarkerRef.implement({
  description: 'A place in a call that somebody has marked.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the marker, a uuid.' }),
    name: t.exposeString('name', { description: 'What it was called.' }),
    startMs: t.exposeInt('startMs', {
      description: 'Where it begins: milliseconds from the offer of the call.',
    }),
    endMs: t.exposeInt('endMs', {
      nullable: true,
      description: 'Where it ends; null for a moment, and for one that has not ended.',
    }),
  }),
});

IdentifierRef.implement({
  description: 'A name of a call in another system.',
  fields: (t) => ({
    scheme: t.expose('scheme', { type: IdentifierSchemeRef, description: 'Which system.' }),
    value: t.exposeString('value', { description: 'Its name there.' }),
  }),
});

builder.queryFields((t) => ({
  call: t.field({
    type: CallRef,
    nullable: true,
    description: 'One call, by its id or by its name in another system; null when none is visible.',
    args: {
      id: t.arg.id({ description: 'Tandem’s id.' }),
      identifier: t.arg({ type: CallIdentifierInput, description: 'A name in another system.' }),
      selector: t.arg({
        type: CallSelectorInput,
        description: 'A number and which of its calls; the next one is not there yet.',
      }),
    },
    resolve: (_, { id, identifier, selector }, context, info) => {
      const shape = callShape(selectionOf(info));
      if (selector && (id || identifier)) {
        throw new GatewayError('BAD_INPUT', 'Name the call in one way.');
      }
      return notFoundAsNull(findSelected(context, selector ?? { callId: id, identifier }, shape));
    },
  }),
  calls: t.field({
    type: CallConnection,
    description: 'Calls, the newest first.',
    args: {
      owner: t.arg.string({ description: OWNER }),
      extension: t.arg.string({
        description: 'Only of this extension, in full or short form; it must be there.',
      }),
      filter: t.arg({ type: CallFilterInput, description: 'Only calls like this.' }),
      ...t.arg.connectionArgs(),
    },
    resolve: async (_, args, context, info) => {
      const list = callList(args, selectionOf(info));
      return callConnection(await readListOf(context, list, args), list.page);
    },
  }),
}));
