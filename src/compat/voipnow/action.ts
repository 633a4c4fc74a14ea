import type { TadaDocumentNode } from 'gql.tada';
import type { z } from 'zod';
import { GatewayError } from '../../model/errors.ts';
import { nameIn } from '../../model/identifiers.ts';
import type { Execute, Route } from '../dialect.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { CALL_FIELDS, type CallNode, callResource } from './call-resource.ts';
import { only } from './collection.ts';
import type { Resource } from './filter.ts';
import { type Found, findCall, findCalls } from './find-calls.ts';
import { legOf, requireView, type Transferring } from './leg-of.ts';
import type { Place } from './live-calls.ts';
import { refuseOtherCall } from './named-in-body.ts';
import { CHOOSING_NOTHING, documented } from './openapi/docs.ts';
import { readPayload } from './payload.ts';
import { refuseSelectors } from './refuse-selectors.ts';
import { refusedTarget } from './refused-target.ts';
import { requireControl } from './require-control.ts';
import { fieldsOf } from './standard-parameters.ts';

const OF_EXTENSION = { userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND' } as const;
const OF_CALL = { ...OF_EXTENSION, callId: 'CALL_NOT_FOUND' } as const;

/** Which call a mutation is told to act on, and whose leg of it. */
export interface OnLeg {
  readonly identifier: { readonly scheme: 'VOIPNOW'; readonly value: string };
  readonly participant: string | null;
}

interface Action<Body extends z.ZodObject, Data, Variables> {
  /** In the spelling of PhoneCallAction. */
  readonly operation: string;
  readonly body: Body;
  /** The path's extension may have left the call, as who has parked it has. */
  readonly mayHaveLeft?: boolean;
  readonly document: TadaDocumentNode<Data, Variables>;
  readonly variables: (on: OnLeg, body: z.output<Body>) => NoInfer<Variables>;
  readonly callOf: (data: NoInfer<Data>) => CallNode;
}

/**
 * Makes the rows of an action: with a call in the path it is looked for below the user and the extension, and without
 * one all live calls of the extension are meant.
 */
export function action<Body extends z.ZodObject, Data, Variables>(
  wanted: Action<Body, Data, Variables>,
): readonly Route[] {
  const { operation, body, document } = wanted;
  const row = { methods: ['PUT'], operation, document };
  const about = { tag: 'PhoneCalls', query: ['fields'], body } as const;
  return [
    documented(
      { ...about, summary: `${operation}.`, gives: 'PhoneCall' },
      {
        ...{ ...row, path: '/phoneCalls/:userId/:extension/:callId', refusedAs: OF_CALL },
        answer: async (request, params, execute) => {
          refuseOtherCall(request, params['callId']);
          const act = acting(wanted, request, placeOf(params), execute);
          return Response.json(await act(await findCall(execute, placeOf(params), params)));
        },
      },
    ),
    documented(
      {
        ...{ ...about, summary: `${operation} of all calls.`, query: CHOOSING_NOTHING },
        ...{ gives: ['PhoneCall'], mayBeEmpty: true },
      },
      {
        ...{ ...row, path: '/phoneCalls/:userId/:extension', refusedAs: OF_EXTENSION },
        answer: async (request, params, execute) => {
          refuseSelectors(request.query, CALL_FIELDS);
          refuseOtherCall(request);
          const act = acting(wanted, request, placeOf(params), execute);
          const found = await findCalls(execute, placeOf(params));
          if (found.length === 0) await requireControl(execute);
          return all(found, act);
        },
      },
    ),
  ];
}

const placeOf = ({
  userId = '',
  extension = '',
}: Readonly<Record<string, string | undefined>>): Place => ({
  ...{ userId, extension }, // the pattern has matched, so they are there
});

/** Reads the request, and gives what does to a call what it says. */
function acting<Body extends z.ZodObject, Data, Variables>(
  { body, mayHaveLeft = false, document, variables, callOf }: Action<Body, Data, Variables>,
  request: LegacyRequest,
  place: Place,
  execute: Execute,
) {
  const fields = fieldsOf(request.query, CALL_FIELDS);
  const payload = readPayload(body, request, wordOf);
  return async (call: Found): Promise<Resource> => {
    const transferring: Transferring = payload;
    const { phoneCallViewId }: { phoneCallViewId?: string | number | undefined } = payload;
    const on = {
      identifier: { scheme: 'VOIPNOW' as const, value: nameIn('VOIPNOW', call) },
      participant: mayHaveLeft ? null : legOf(call.participants, place, transferring),
    };
    requireView(call.participants, phoneCallViewId);
    const done = execute(document, variables(on, payload)).catch(refusedTarget);
    const changed = callOf(await done);
    return only(fields, callResource(changed, request, place));
  };
}

/** Like hanging up, it is refused when it can be done to none of them; those that were changed are told. */
async function all(
  calls: readonly Found[],
  act: (call: Found) => Promise<Resource>,
): Promise<Response> {
  const changed: Resource[] = [];
  const refusals: GatewayError[] = [];
  // One after the other: whoever is rung for one of them is not to be rung for all at once.
  for (const call of calls) {
    try {
      changed.push(await act(call));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      refusals.push(error);
    }
  }
  const [refusal] = refusals;
  if (changed.length === 0 && refusal) throw refusal;
  return changed.length > 0 ? Response.json(changed) : new Response(null, { status: 204 });
}

const wordOf = (field: string) =>
  field === 'phoneCallViewId' ? 'pc_phonecallview_invalid' : `pc_${field.toLowerCase()}_invalid`;

/** What `action` may be. */
const ACTIONS = [
  ...[
    'OnHold',
    'OffHold',
    'Transfer',
    'TransferToVoicemail',
    'Park',
    'UnPark',
    'PickUp',
    'BargeIn',
  ],
  ...['Monitor', 'Whisper', 'StartRecording', 'StopRecording'],
];

/** Which action a body names. */
export const isAction = (name: unknown): name is string =>
  typeof name === 'string' && ACTIONS.includes(name);
