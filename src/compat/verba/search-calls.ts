import { GatewayError } from '../../model/errors.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { isTame } from '../tame.ts';
import { action } from './action.ts';
import type { Element } from './answer.ts';
import { cdrOf, fieldsOf, type RecordedCall } from './cdr.ts';
import { parameterOf, valuesOf } from './parameters.ts';
import { unescapedPlus } from './selector.ts';

const SearchCalls = graphql(`
  query VerbaSearchCalls($filter: CallFilter!, $first: Int!) {
    calls(filter: $filter, first: $first) {
      nodes {
        id state direction ani dnis offeredAt endedAt disposition heldForLegal userData
        identifiers { scheme value } participants { role number name }
      }
    }
  }
`);

const DEFAULT_LENGTH = 50;
/** What is written while nobody else is served. */
const LARGEST = 500;

/** Search Calls: the newest first; times are GMT. */
export const searchCalls = action({
  operation: 'SearchCalls',
  document: SearchCalls,
  variables: (request) => ({ filter: filterOf(request), first: lengthOf(request) }),
  payload: ({ calls: { nodes } }, request) => {
    const withData = parameterOf(request, 'returnMetadata') === '1';
    const records = nodes.map((call) => cdrOf(call, withData ? metadataOf(call) : []));
    const table = () => {
      const [first] = nodes;
      const header = first ? fieldsOf(first).map(([name]) => name) : [];
      return { header, rows: nodes.map((call) => fieldsOf(call).map(([, value]) => value)) };
    };
    return { inside: [{ name: 'verbacdrlist', content: records }], table };
  },
});

/** No page shows metadata in an answer: these names are ours. */
const metadataOf = ({ userData }: RecordedCall): Element[] => [
  {
    name: 'metadata',
    content: Object.entries(userData ?? {}).map(([name, value]) => ({
      name: 'item',
      attributes: { name },
      content: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  },
];

const LIVE = ['DIALING', 'RINGING', 'CONNECTED', 'HELD'] as const;
const ENDED = ['ENDED'] as const;

/** Those of the page, and those of every action. `secondary` names a database that is not here. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['action', 'apiKey', 'token', 'responseType', 'userName', 'password'],
  ...['start', 'end', 'status', 'anynum', 'anyname', 'orderby', 'pagelen', 'returnMetadata'],
  'secondary',
]);

/** A filter that is not heeded would give everybody's calls: unlike Verba, and unlike other actions, this lets none pass. */
function checkNames({ query, form }: LegacyRequest): void {
  const unknown = [...query.keys(), ...form.keys()].find((name) => !KNOWN.has(name));
  if (unknown === undefined) return;
  const named = isTame(unknown) && unknown.length <= LONGEST_NAME ? unknown : 'A parameter';
  throw new GatewayError('BAD_INPUT', `${named} is none of the parameters of SearchCalls.`);
}

/** None that is known is half as long. */
const LONGEST_NAME = 40;

function filterOf(request: LegacyRequest) {
  checkNames(request);
  const orderBy = parameterOf(request, 'orderby');
  if (orderBy !== undefined && orderBy !== 'start_time') {
    throw new GatewayError('BAD_INPUT', 'orderby must be start_time.');
  }
  const anyNumber = listOf(request, 'anynum').map(unescapedPlus);
  const anyName = listOf(request, 'anyname');
  return {
    states: isOngoing(request) ? [...LIVE] : [...ENDED],
    offeredFrom: momentOf(request, 'start'),
    offeredBefore: momentOf(request, 'end'),
    ...(anyNumber.length > 0 && { anyNumber }),
    ...(anyName.length > 0 && { anyName }),
  };
}

function isOngoing(request: LegacyRequest): boolean {
  const status = parameterOf(request, 'status')?.toLowerCase() ?? 'recorded';
  if (status === 'ongoing' || status === 'recorded') return status === 'ongoing';
  throw new GatewayError('BAD_INPUT', 'status must be ongoing or recorded.');
}

/** These may be repeated: any of them is enough. */
function listOf(request: LegacyRequest, name: string): string[] {
  const values = valuesOf(request, name);
  if (values.every((value) => value !== '' && isTame(value))) return [...values];
  throw new GatewayError('BAD_INPUT', `${name} is empty or malformed.`);
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?(\.\d{1,3})?$/;

function momentOf(request: LegacyRequest, name: string): string {
  const sent = parameterOf(request, name);
  if (sent === undefined) throw new GatewayError('BAD_INPUT', `${name} is mandatory.`);
  const [, day, minute, second = ':00', fraction = ''] = TIME.exec(sent) ?? [];
  const moment = new Date(`${day}T${minute}${second}${fraction}Z`);
  if (day && !Number.isNaN(moment.getTime())) return moment.toISOString();
  throw new GatewayError('BAD_INPUT', `${name} must be as 2011-01-31 12:00[:00[.000]].`);
}

function lengthOf(request: LegacyRequest): number {
  const sent = parameterOf(request, 'pagelen') ?? String(DEFAULT_LENGTH);
  if (/^\d{1,4}$/.test(sent) && Number(sent) >= 1 && Number(sent) <= LARGEST) return Number(sent);
  throw new GatewayError('BAD_INPUT', `pagelen is a number from 1 to ${LARGEST}.`);
}
