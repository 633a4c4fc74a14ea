import { GatewayError } from '../../model/errors.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { action } from './action.ts';
import { parameterOf } from './parameters.ts';
import { selectorOf } from './selector.ts';

const AddMarker = graphql(`
  mutation VerbaAddMarker($input: AddMarkerInput!) {
    addMarker(input: $input) { clientMutationId }
  }
`);

/** Add Marker: a moment of a call, or the beginning or the end of a part of one that is up. */
export const addMarker = action({
  operation: 'AddMarker',
  document: AddMarker,
  variables: (request) => {
    const name = parameterOf(request, 'mname');
    if (name === undefined) throw new GatewayError('BAD_INPUT', 'mname is mandatory.');
    const startMs = millisecondsOf(request, 'mstart');
    const selector = selectorOf(request, 'ccdr_id');
    return { input: { selector, name, mode: modeOf(request), startMs } };
  },
});

const MODES = { start: 'START', end: 'END', segment: 'WHOLE' } as const;

/** The pages name the modes and not their values: these words are ours. */
function modeOf(request: LegacyRequest) {
  const sent = parameterOf(request, 'mmode')?.toLowerCase() ?? 'segment';
  if (sent === 'start' || sent === 'end' || sent === 'segment') return MODES[sent];
  throw new GatewayError('BAD_INPUT', 'mmode must be start, end or segment.');
}

/** Seconds from the beginning of the call. */
function millisecondsOf(request: LegacyRequest, name: string): number | null {
  const sent = parameterOf(request, name);
  if (sent === undefined) return null;
  if (/^\d{1,5}(\.\d{1,3})?$/.test(sent)) return Math.round(Number(sent) * 1000);
  throw new GatewayError('BAD_INPUT', `${name} is a number of seconds.`);
}

const GetMarkers = graphql(`
  query VerbaGetMarkers($selector: CallSelector!) {
    call(selector: $selector) { markers { name startMs endMs } }
  }
`);

const HEADER = ['Name', 'Start (ms)', 'End (ms)'];

/** Get Markers: `cid` names the call in the table of the page, `callID` in its samples. */
export const getMarkers = action({
  operation: 'GetMarkers',
  document: GetMarkers,
  variables: (request) => ({ selector: selectorOf(request, 'cid') }),
  payload: ({ call }) => {
    if (!call) throw new GatewayError('CALL_NOT_FOUND');
    // A moment ends where it begins.
    const rows = call.markers.map(({ name, startMs, endMs }) => [
      ...[name, String(startMs), String(endMs ?? startMs)],
    ]);
    const inside = rows.map(([name = '', start = '', end = '']) => ({
      name: 'verbamarker',
      content: [
        { name: 'name', content: name },
        { name: 'start', content: start },
        { name: 'end', content: end },
      ],
    }));
    return { inside, table: () => ({ header: HEADER, rows }) };
  },
});
