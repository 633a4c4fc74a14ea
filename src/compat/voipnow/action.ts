import type { TadaDocumentNode } from 'gql.tada';
import type { z } from 'zod';
import { GatewayError } from '../../model/errors.ts';
import type { Execute, Route } from '../dialect.ts';
import { graphql } from '../graphql.ts';
import { CALL_FIELDS, type CallNode, callResource } from './call-resource.ts';
import { only } from './collection.ts';
import { legOf, type Transferring } from './leg-of.ts';
import { documented } from './openapi/docs.ts';
import { readPayload } from './payload.ts';
import { fieldsOf } from './standard-parameters.ts';

const FindLeg = graphql(`
  query VoipnowFindLeg($owner: String, $extension: String, $filter: CallFilter) {
    calls(owner: $owner, extension: $extension, filter: $filter, first: 1) {
      nodes { state participants { sequence state number extension { number shortNumber owner { number } } } }
    }
  }
`);

const PATH = '/phoneCalls/:userId/:extension/:callId';

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

/** Makes the row of an action: the call is looked for below the user and the extension of the path, then commanded. */
export function action<Body extends z.ZodObject, Data, Variables>({
  operation,
  body,
  mayHaveLeft = false,
  document,
  variables,
  callOf,
}: Action<Body, Data, Variables>): Route {
  return documented(
    { tag: 'PhoneCalls', summary: `${operation}.`, query: ['fields'], body, gives: 'PhoneCall' },
    {
      ...{ methods: ['PUT'], path: PATH, operation, document },
      refusedAs: {
        ...{ userId: 'USER_NOT_FOUND', extension: 'EXTENSION_NOT_FOUND', callId: 'CALL_NOT_FOUND' },
      },
      answer: async (request, params, execute) => {
        const fields = fieldsOf(request.query, CALL_FIELDS);
        const payload = readPayload(body, request, wordOf);
        const place = placeOf(params);
        const on = await find(execute, place, mayHaveLeft ? null : payload);
        const call = callOf(await execute(document, variables(on, payload)));
        return Response.json(only(fields, callResource(call, request, place)));
      },
    },
  );
}

type Place = Readonly<Record<'userId' | 'extension' | 'callId', string>>;

const placeOf = ({
  userId = '',
  extension = '',
  callId = '',
}: Readonly<Record<string, string | undefined>>): Place => ({
  ...{ userId, extension, callId }, // the pattern has matched, so they are there
});

/** The call below the user and the extension of the path, and the leg of it that is meant; none for null. */
async function find(
  execute: Execute,
  { userId, extension, callId }: Place,
  transferring: Transferring | null,
): Promise<OnLeg> {
  const identifier = { scheme: 'VOIPNOW' as const, value: callId };
  const { calls } = await execute(FindLeg, {
    owner: userId,
    extension: extension === '@self' ? null : extension,
    filter: { identifier },
  });
  const [call] = calls.nodes;
  if (!call) throw new GatewayError('CALL_NOT_FOUND');
  if (call.state === 'ENDED') throw new GatewayError('WRONG_STATE', 'The phone call has ended.');
  if (transferring === null) return { identifier, participant: null };
  return { identifier, participant: legOf(call.participants, { userId, extension }, transferring) };
}

const wordOf = (field: string) =>
  field === 'phoneCallViewId' ? 'pc_phonecallview_invalid' : `pc_${field.toLowerCase()}_invalid`;

/** What `action` may be, and has no row where no switch can do it. */
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
