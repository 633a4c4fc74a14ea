import { asteriskFromUrl } from './asterisk/asterisk.ts';
import type { SwitchConnector } from './connector.ts';
import { kamailioFromUrl } from './kamailio/kamailio.ts';
import { simulatorFromUrl } from './simulator/simulator.ts';

/** One line a connector: the scheme of its URL, and what makes it. */
const CONNECTORS: Readonly<Record<string, (url: URL) => SwitchConnector>> = {
  'kamailio:': kamailioFromUrl,
  'simulator:': simulatorFromUrl,
  'ari+http:': asteriskFromUrl,
  'ari+https:': asteriskFromUrl,
};

const ALLOWED = `allowed: ${Object.keys(CONNECTORS).join(', ')}`;

/** The connector that a URL of the configuration means; throws with words for the user. */
export function openConnector(url: string): SwitchConnector {
  const parsed = URL.parse(url);
  const open = parsed && CONNECTORS[parsed.protocol];
  if (open && parsed.port !== '0') return open(parsed);
  if (parsed && !open) {
    // The rest of the URL may hold a password, so only the scheme is repeated.
    throw new Error(`Unknown connector "${parsed.protocol}"; ${ALLOWED}`);
  }
  throw new Error(`That is not a connector URL; ${ALLOWED}, and ports from 1 to 65535`);
}
