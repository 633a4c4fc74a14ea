import { randomUUID } from 'node:crypto';
import { isDialable } from '../../model/phone-number.ts';
import { type CallRef, type PlaceRequest, SwitchError } from '../connector.ts';
import { userDataText } from '../user-data.ts';
import type { Ari } from './ari-client.ts';
import type { Board } from './board.ts';
import {
  type Channel,
  ORGANIZATION,
  PLACED,
  parseChannel,
  parseValue,
  USER_DATA,
} from './channel.ts';
import type { AsteriskSettings } from './settings.ts';

const CALLER_RINGS_S = 30;

interface Exchange {
  readonly ari: Ari;
  readonly board: Board;
  readonly settings: AsteriskSettings;
  /** Takes what the answer tells of the new channel. */
  readonly begun: (channel: Channel) => void;
}

/** Rings the caller's phone; once it is answered, the dialplan does as if that phone had dialled. */
export async function place(exchange: Exchange, request: PlaceRequest): Promise<CallRef> {
  const { ari, board } = exchange;
  const { from, to, fromExtension = true } = request;
  if (!fromExtension) {
    throw new SwitchError('UNSUPPORTED', 'Asterisk is not asked to ring outside numbers first.');
  }
  if (!isDialable(from) || !isDialable(to)) {
    throw new SwitchError('INVALID_ARGUMENT', 'That number cannot be dialled.');
  }
  const channelId = `${PLACED}${randomUUID()}`;
  const query = { ...(await whereTo(exchange, request)), channelId, callerId: callerIdOf(request) };
  const variables = variablesOf(request);
  board.expect(channelId, request);
  try {
    const answer = await ari('POST', 'channels', { query, body: { variables } });
    if (answer.status >= 300) {
      throw new SwitchError('SWITCH_ERROR', `ARI says ${answer.status} to a new call`);
    }
    const channel = parseChannel(answer.body);
    if (channel) exchange.begun(channel);
  } catch (error) {
    board.unexpect(channelId);
    throw error;
  }
  return { epoch: board.epoch, nativeId: channelId };
}

/** The limit is Asterisk's own function, which counts from now and holds whether or not anybody is linked to it. */
function variablesOf({ organizationId, userData, maxSeconds }: PlaceRequest) {
  const text = userDataText(userData);
  return {
    [ORGANIZATION]: organizationId,
    ...(text && { [USER_DATA]: text }),
    ...(maxSeconds && { 'TIMEOUT(absolute)': String(maxSeconds) }),
  };
}

const callerIdOf = ({ from, callerName }: PlaceRequest) =>
  callerName ? `"${callerName}" <${from}>` : from;

/** Where the phone itself would begin if it dialled, unless the configuration names a context. */
async function whereTo({ ari, settings }: Exchange, request: PlaceRequest) {
  const { from, to, ringSeconds } = request;
  const endpoint = settings.endpoint.replaceAll('{number}', from);
  const [, name] = /^PJSIP\/([^/@]+)$/.exec(endpoint) ?? [];
  let context = settings.context ?? '';
  if (!context && name) {
    const variable = `PJSIP_ENDPOINT(${name},context)`;
    context = parseValue((await ari('GET', 'asterisk/variable', { query: { variable } })).body);
  }
  const start = { context: context || 'default', extension: to, priority: '1' };
  return { endpoint, ...start, timeout: String(ringSeconds ?? CALLER_RINGS_S) };
}
