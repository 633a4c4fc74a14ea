import { GatewayError } from '../../model/errors.ts';
import { graphql } from '../graphql.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { action } from './action.ts';
import { parameterOf } from './parameters.ts';
import { selectorOf } from './selector.ts';

const MuteRecording = graphql(`
  mutation VerbaMuteRecording($selector: CallSelector!, $mutes: Boolean!, $speaks: Boolean!) {
    pauseRecording(input: { selector: $selector, ifNeeded: true }) @include(if: $mutes) { clientMutationId }
    resumeRecording(input: { selector: $selector, ifNeeded: true }) @include(if: $speaks) { clientMutationId }
  }
`);

/** Mute Recording: the recording of a call that is up is paused, or goes on; it says how that is to be, and may say so twice. */
export const muteRecording = action({
  operation: 'MuteRecording',
  document: MuteRecording,
  variables: (request) => {
    const mutes = isMuted(request);
    return { selector: selectorOf(request), mutes, speaks: !mutes };
  },
});

/** The channels are bits: 1 the caller's, 2 the called one's. Here both are one recording. */
function isMuted(request: LegacyRequest): boolean {
  const mute = parameterOf(request, 'mute');
  if (mute === '3' || mute === '0') return mute === '3';
  throw new GatewayError(
    'BAD_INPUT',
    'mute is mandatory: 3 for both channels, or 0 for none; one alone is not muted here.',
  );
}
