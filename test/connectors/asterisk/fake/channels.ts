/** A channel of the fake, with what ARI does not show. */
export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly linkedid: string;
  readonly createdAt: Date;
  readonly variables: Map<string, string>;
  /** Digits that were sent to its phone. */
  digits: string;
  /** What ChanSpy was told that runs on it; null when none does. */
  readonly spies: string | null;
  /** What MixMonitor does with it. */
  recording: { readonly file: string; isMuted: boolean } | null;
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  number: string;
  callerName: string;
  exten: string;
  /** It is in a Stasis application; else in the dialplan. */
  inStasis: boolean;
  /** Hears music by ARI's hold. */
  hasMusic: boolean;
  cause: number;
}

/** The time as Asterisk writes it. */
export const asteriskTime = (time: Date) => time.toISOString().replace('Z', '+0000');

/** The channel as ARI shows it; `shown` are ari.conf's channelvars. */
export const channelJson = (channel: FakeChannel, shown: readonly string[]) => ({
  id: channel.id,
  name: channel.name,
  state: channel.state,
  protocol_id: `${channel.id}@fake`,
  caller: { name: channel.callerName, number: channel.number },
  connected: { name: '', number: '' },
  accountcode: '',
  dialplan: {
    context: 'phones',
    exten: channel.exten,
    priority: 1,
    app_name: channel.inStasis ? 'Stasis' : 'Dial',
    app_data: '',
  },
  creationtime: asteriskTime(channel.createdAt),
  language: 'en',
  ...(shown.length > 0 && { channelvars: variablesOf(channel, shown) }),
});

const variablesOf = (channel: FakeChannel, shown: readonly string[]) =>
  Object.fromEntries(
    shown.map((name) => [
      name,
      name === 'CHANNEL(linkedid)' ? channel.linkedid : (channel.variables.get(name) ?? ''),
    ]),
  );
