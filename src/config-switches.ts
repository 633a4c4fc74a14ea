import { z } from 'zod';
import { openConnector } from './connectors/open.ts';
import type { NumberRules } from './model/number-rules.ts';
import { parseNumberRules } from './operations/parse-number-rules.ts';

/** Parts between commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** `lab=simulator:,pbx=kamailio://host:8448`: ids and where their switches are. */
export const connectors = list.transform((parts, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const places = new Map<string, string>();
  return parts.flatMap((part, index) => {
    const [, id, url] = /^([a-z][a-z0-9-]{0,31})=(.+)$/.exec(part) ?? [];
    if (!id || !url) {
      // What stands there may be the rest of a password.
      refuse(`has a part ${index + 1} that is not id=URL: in secrets a comma is %2C`);
      return [];
    }
    const place = placeOf(url);
    const first = place && places.get(place);
    if (first) refuse(`has one switch twice, as ${first} and as ${id}: its calls would be doubled`);
    if (place) places.set(place, id);
    try {
      return [{ id, connector: openConnector(url) }];
    } catch (error) {
      refuse(`of ${id}: ${messageOf(error)}`);
      return [];
    }
  });
});

/** Where a switch is, or null for one in memory: with the port that it has when none is said. */
function placeOf(url: string): string | null {
  const { protocol = '', hostname, port } = URL.parse(url) ?? {};
  if (!hostname) return null;
  const isHere = ['localhost', '[::1]'].includes(hostname);
  return `${protocol}//${isHere ? '127.0.0.1' : hostname}:${port || STANDARD_PORTS[protocol]}`;
}

const STANDARD_PORTS: Readonly<Record<string, number>> = {
  'kamailio:': 8448,
  'ari+http:': 80,
  'ari+https:': 443,
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `pbx=country:GB;outside:9,ast=organization:acme`: ids of switches, and how they call numbers. */
export const numbers = list.transform((parts, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const rules = new Map<string, NumberRules>();
  for (const part of parts) {
    const [, id = '', text = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (!id) refuse(`has a part that is not id=RULES: ${part}`);
    else if (rules.has(id)) refuse(`of ${id} is there twice`);
    else
      rules.set(
        id,
        parseNumberRules(text, (message) => refuse(`of ${id} ${message}`)),
      );
  }
  return rules;
});
