/** What the simulated switch can be made to do wrong, with what each means. */
export const SIMULATOR_FAULTS = {
  'hangup-ok-without-effect': 'A hang-up of a call or a party says ACCEPTED and does nothing.',
  'missed-events': 'No events are sent.',
  'swapped-events':
    'An event of a call comes after its successor, or 100 ms late when it has none.',
  'duplicate-events': 'Each event comes twice.',
  'one-leg-only': 'A hang-up ends one leg only and the call lives, until it has no leg.',
  timeout: 'No command is done; each rejects with TIMEOUT.',
  'answers-lost': 'Each command is done, and rejects with TIMEOUT all the same.',
  unreachable: 'No new link can be opened.',
} as const;
export type SimulatorFault = keyof typeof SIMULATOR_FAULTS;

const isFault = (name: string): name is SimulatorFault => Object.hasOwn(SIMULATOR_FAULTS, name);

/** Reads a list such as `missed-events,timeout`; throws when a name is unknown. */
export function parseFaults(list: string): ReadonlySet<SimulatorFault> {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !isFault(name));
  if (unknown.length === 0) return new Set(names.filter(isFault));
  const allowed = Object.keys(SIMULATOR_FAULTS).join(', ');
  throw new Error(`Unknown simulator fault "${unknown.join(', ')}"; allowed: ${allowed}`);
}
