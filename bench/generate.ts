/** The extension with a long history, owned by the user `alice`. */
export const BIG = '0001*1000';

const ORGANIZATION = 'bench';
const EXTENSIONS = 10_000;
/** Every tenth call is the big extension's: 100,000 of 1,000,000. */
const BIG_EVERY = 10;
const BOBS = 100;
const FIRST_CALL = Date.UTC(2025, 0, 1);
/** About a year for a million calls; a prime, so that the times look like times. */
const MILLISECONDS_APART = 31_541;

/**
 * NDJSON for `import`: an organization, its users and extensions, and calls of two participants, the oldest first.
 * `alice` owns the big extension, `bob` a hundred, `carol` all others; `olivia` sees them all.
 */
export function* generate(calls: number): Generator<string> {
  yield line({ type: 'organization', id: ORGANIZATION, name: 'Bench' });
  for (const [index, username] of ['alice', 'bob', 'carol'].entries()) yield user(index, username);
  yield line({ ...account(3, 'olivia'), accountType: 'ORGANIZATION' });
  for (let index = 0; index < EXTENSIONS; index += 1) yield extension(index);
  for (let index = 0; index < calls; index += 1) yield call(index);
}

const line = (record: object) => `${JSON.stringify(record)}\n`;

const account = (index: number, username: string) => ({
  type: 'user',
  organization: ORGANIZATION,
  number: String(index + 1),
  username,
});

const user = (index: number, username: string) =>
  line({ ...account(index, username), accountType: 'USER' });

const numberOf = (extension: number) => `0001*${1000 + extension}`;

function ownerOf(extension: number): string {
  if (extension === 0) return 'alice';
  return extension <= BOBS ? 'bob' : 'carol';
}

const extension = (index: number) =>
  line({
    type: 'extension',
    organization: ORGANIZATION,
    number: numberOf(index),
    kind: 'TERMINAL',
    owner: ownerOf(index),
    label: `Desk ${index}`,
  });

function call(index: number): string {
  const offered = FIRST_CALL + index * MILLISECONDS_APART;
  const at = (seconds: number) => new Date(offered + seconds * 1000).toISOString();
  // 7919 is prime to the number of extensions: it visits them all before it visits one again.
  const other = 1 + ((index * 7919) % (EXTENSIONS - 1));
  const callee = numberOf(index % BIG_EVERY === 0 ? 0 : other);
  const caller = `+4072${String(index % 10_000_000).padStart(7, '0')}`;
  return line({
    type: 'call',
    organization: ORGANIZATION,
    identifiers: [{ scheme: 'NATIVE', value: `B${index}` }],
    state: 'ENDED',
    direction: 'INBOUND',
    callType: 'INBOUND',
    ani: caller,
    dnis: callee,
    offeredAt: at(0),
    answeredAt: at(5),
    endedAt: at(65),
    disposition: 'ANSWERED',
    q850Cause: 16,
    userData: { ticket: String(index) },
    participants: [
      { role: 'CALLER', number: caller },
      { role: 'CALLEE', number: callee, extension: callee },
    ],
  });
}
