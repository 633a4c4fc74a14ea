import { wrapCommands } from '../command-wrapper.ts';
import type { SwitchConnector, SwitchEvents, SwitchLink } from '../connector.ts';
import { SwitchError } from '../connector.ts';
import { commandsOf } from './commands.ts';
import { microsOf, TOLD } from './dialog.ts';
import { endOf } from './endings.ts';
import { openEvapi } from './evapi.ts';
import { pressIn } from './keys.ts';
import { KnownCalls } from './known-calls.ts';
import { Switchboard } from './switchboard.ts';
import { callOf, isoOf, nativeIdOf } from './translate.ts';

const STANDARD_PORT = 8448;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The connector to a Kamailio whose configuration includes `tandem.cfg`. */
export function createKamailio(address: Address): SwitchConnector {
  const known = new KnownCalls();
  return {
    kind: 'kamailio',
    capabilities: new Set(['HANGUP', 'HANGUP_PARTY', 'USER_DATA']),
    hangsUpInTurn: true,
    connect: (events) => openLink(address, events, known),
  };
}

/** From `kamailio://HOST`, or with the port of its evapi. */
export function kamailioFromUrl(url: URL): SwitchConnector {
  const { hostname, port, username, password, pathname, search } = url;
  if (!hostname || username || password || search || !/^\/?$/.test(pathname)) {
    throw new Error('A Kamailio is kamailio://HOST or kamailio://HOST:EVAPI_PORT');
  }
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return createKamailio({ host, port: port ? Number(port) : STANDARD_PORT });
}

async function openLink(
  address: Address,
  events: SwitchEvents,
  known: KnownCalls,
): Promise<SwitchLink> {
  const evapi = await openEvapi(address, (message) => tell(message, events, known));
  try {
    // Before this answer the connection may not be taken yet, and events would pass it by.
    const { epoch } = await evapi
      .ask({ op: 'rpc', req: { jsonrpc: '2.0', id: 1, method: 'core.uptime' } })
      .catch(whyRefused);
    if (!epoch) throw new SwitchError('LINK_DOWN', 'Kamailio is starting.');
    known.enter(epoch);
    const switchboard = new Switchboard(evapi);
    const commands = commandsOf({ switchboard, epoch, known });
    return {
      ...wrapCommands((command) => command(commands)),
      closed: evapi.closed,
      list: () => switchboard.list(known),
      [Symbol.asyncDispose]: () => evapi[Symbol.asyncDispose](),
    };
  } catch (error) {
    await evapi[Symbol.asyncDispose]();
    throw error;
  }
}

/** A connection that is closed before it was of any use: Kamailio does not say why. */
function whyRefused(error: unknown): never {
  const code = error instanceof SwitchError ? error.code : 'LINK_DOWN';
  throw new SwitchError(code, REFUSED, { cause: error });
}

const REFUSED =
  'Kamailio did not answer: is this its evapi port, is this address among TANDEM_ADDRESSES, and is there room in max_clients?';

/** Hands on what Kamailio tells of a call; others may tell other things over the same connection. */
function tell(message: unknown, events: SwitchEvents, known: KnownCalls): void {
  const { data: told } = TOLD.safeParse(message);
  if (!told) return;
  known.enter(told.epoch);
  if (told.ev === 'dtmf') {
    const press = pressIn(told, known);
    if (press) events.pressed(callOf(told.epoch, told), press);
    return;
  }
  const nativeId = nativeIdOf(told);
  const end = endOf(told, known.isCancelled(nativeId));
  if (!known.hear(nativeId, microsOf(told.at), end !== null)) return;
  events.call(callOf(told.epoch, told, end ? { end, at: isoOf(told.at) } : undefined));
}
