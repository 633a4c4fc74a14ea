import { wrapCommands } from '../command-wrapper.ts';
import {
  CAPABILITIES,
  type SwitchConnector,
  SwitchError,
  type SwitchEvents,
  type SwitchLink,
} from '../connector.ts';
import { commandsOf } from './commands.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { parseFaults } from './faults.ts';

/** The connector towards an exchange in memory; whoever plays its people keeps the exchange. */
export const createSimulator = (exchange: Exchange): SwitchConnector => ({
  kind: 'simulator',
  capabilities: new Set(CAPABILITIES),
  attend(isAttended) {
    exchange.telephones.isAttended = isAttended;
  },
  divert(diversionOf) {
    exchange.telephones.diversionOf = diversionOf;
  },
  connect: async (events) => openLink(exchange, events),
});

/** From `simulator:`, or with faults `simulator:?faults=missed-events,timeout`. */
export function simulatorFromUrl(url: URL): SwitchConnector {
  const unknown = [...url.searchParams.keys()].filter((key) => key !== 'faults');
  if (unknown.length > 0) {
    throw new Error(`Unknown simulator option "${unknown.join(', ')}"; allowed: faults`);
  }
  return createSimulator(
    createExchange({ faults: parseFaults(url.searchParams.getAll('faults').join(',')) }),
  );
}

function openLink(exchange: Exchange, events: SwitchEvents): SwitchLink {
  const closed = Promise.withResolvers<string>();
  let isOpen = true;
  const detach = exchange.attach({
    call: (call) => events.call(call),
    pressed: (call, press) => events.pressed(call, press),
    closed(reason) {
      isOpen = false;
      closed.resolve(reason);
    },
  });
  const requireOpen = () => {
    if (!isOpen) throw new SwitchError('LINK_DOWN', 'The link to the exchange is closed.');
  };
  const commands = commandsOf(exchange);
  return {
    ...wrapCommands(async (command) => {
      requireOpen();
      if (exchange.faults.has('timeout')) {
        throw new SwitchError('TIMEOUT', 'The exchange did not answer.');
      }
      const done = await command(commands);
      if (exchange.faults.has('answers-lost')) {
        throw new SwitchError('TIMEOUT', 'The answer of the exchange was lost.');
      }
      return done;
    }),
    closed: closed.promise,
    async list() {
      requireOpen();
      return exchange.list();
    },
    async [Symbol.asyncDispose]() {
      detach();
    },
  };
}
