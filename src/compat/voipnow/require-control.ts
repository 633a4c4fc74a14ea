import { GatewayError } from '../../model/errors.ts';
import type { Execute } from '../dialect.ts';
import { graphql } from '../graphql.ts';

const WhatIsAllowed = graphql('query VoipnowWhatIsAllowed { viewer { scopes } }');

/** Refuses a token that may command nothing, where there is nothing whose command would refuse it. */
export async function requireControl(execute: Execute): Promise<void> {
  const { viewer } = await execute(WhatIsAllowed, {});
  if (viewer.scopes.includes('CONTROL')) return;
  throw new GatewayError('FORBIDDEN', 'This token lacks the scope CONTROL.');
}
