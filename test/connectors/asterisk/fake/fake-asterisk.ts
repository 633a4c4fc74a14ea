import { asteriskTime, channelJson, type FakeChannel } from './channels.ts';

/** What can go wrong; the names are the simulator's. */
export type FakeFault =
  | 'hangup-ok-without-effect'
  | 'missed-events'
  | 'swapped-events'
  | 'duplicate-events'
  | 'one-leg-only'
  | 'timeout'
  | 'unreachable';

/** Hears each event of ARI. */
export type FakeListener = (event: Readonly<Record<string, unknown>>) => void;

const CAUSES: Readonly<Record<number, string>> = {
  0: 'Unknown',
  16: 'Normal Clearing',
  17: 'User busy',
  19: 'User alerting, no answer',
  21: 'Call Rejected',
};

/** Channels and what befalls them: the dialplan is `Dial(PJSIP/${EXTEN})`, or `Stasis(tandem)`. */
export class FakeAsterisk {
  readonly faults = new Set<FakeFault>();
  readonly channels = new Map<string, FakeChannel>();
  /** ari.conf's channelvars. */
  channelvars = ['USERDATA', 'CHANNEL(linkedid)', 'TANDEM_ORGANIZATION', 'TANDEM_RECORDING'];
  /** Behind its Dial the dialplan goes on to a mailbox. */
  hasMailbox = false;
  startupTime = '2026-11-21T10:00:00.000+0000';
  listener: FakeListener = () => {};
  #runs = 1;
  #lastId = 0;
  #held: Readonly<Record<string, unknown>> | null = null;

  /** A phone calls: its channel is in the dialplan, and rings there. */
  dialIn(from: string, exten: string, options: Partial<FakeChannel> = {}): FakeChannel {
    const channel = this.add({ endpoint: from, number: from, exten, state: 'Ring', ...options });
    if (channel.inStasis) this.emit('StasisStart', channel, { args: [] });
    return channel;
  }

  /** The dialplan rings a phone for a caller. */
  dial(caller: FakeChannel, number: string, endpoint = number): FakeChannel {
    const callee = this.add({
      endpoint,
      number,
      linkedid: caller.linkedid,
      inStasis: caller.inStasis,
    });
    this.emitDial(callee, '');
    this.change(callee, 'Ringing');
    return callee;
  }

  /** A phone that rings is answered; with it the caller, who waited. */
  pickUp(channel: FakeChannel): void {
    this.change(channel, 'Up');
    const caller = this.channels.get(channel.linkedid);
    if (channel.id !== channel.linkedid) this.emitDial(channel, 'ANSWER');
    if (caller?.state === 'Ring') this.change(caller, 'Up');
  }

  /** A person hangs up, or a phone refuses. */
  hangUpPhone(channel: FakeChannel, cause = 16): void {
    this.emit('ChannelHangupRequest', channel, { cause });
    this.#end(channel, cause);
  }

  /** Something inside Asterisk asks for the end; says whether the channel is there. */
  softHangup(id: string, cause: number): boolean {
    const channel = this.channels.get(id);
    if (!channel) return false;
    if (this.faults.has('hangup-ok-without-effect')) return true;
    if (this.faults.has('one-leg-only') && channel.id === channel.linkedid) return true;
    this.emit('ChannelHangupRequest', channel, { cause, soft: true });
    this.#end(channel, cause);
    return true;
  }

  /** The caller's Dial gives up on a phone that rings. */
  giveUp(channel: FakeChannel): void {
    this.emitDial(channel, 'NOANSWER');
    this.#end(channel, 0);
  }

  /** Whoever is bridged with a channel dials on, and the channel ends; says whether it was bridged. */
  blindTransfer(channel: FakeChannel, exten: string): boolean {
    const all = [...this.channels.values()].filter((each) => each.linkedid === channel.linkedid);
    const transferee = all.find((each) => each !== channel && each.state === 'Up');
    if (!transferee || channel.state !== 'Up') return false;
    transferee.exten = exten;
    this.channels.delete(channel.id);
    this.emit('ChannelHangupRequest', channel, { cause: 16, soft: true });
    this.emit('ChannelDestroyed', channel, { cause: 16, cause_txt: 'Normal Clearing' });
    this.dial(transferee, exten);
    return true;
  }

  /** A caller dials anew, and whoever rang for it does so no more; says whether somebody did. */
  redirect(caller: FakeChannel, exten: string): boolean {
    const all = [...this.channels.values()].filter((each) => each.linkedid === caller.linkedid);
    const ringing = all.filter((each) => each !== caller && each.state === 'Ringing');
    for (const channel of ringing) {
      this.emitDial(channel, 'CANCEL');
      this.channels.delete(channel.id);
      this.emit('ChannelDestroyed', channel, { cause: 0, cause_txt: 'Unknown' });
    }
    caller.exten = exten;
    this.dial(caller, exten);
    return ringing.length > 0;
  }

  /** A phone puts the other side on hold, or takes it back. */
  hold(channel: FakeChannel, held: boolean): void {
    this.emit(
      held ? 'ChannelHold' : 'ChannelUnhold',
      channel,
      held ? { musicclass: 'default' } : {},
    );
  }

  /** A phone has pressed a key; which is told of all channels, in Stasis or not. */
  press(channel: FakeChannel, digit: string): void {
    this.emit('ChannelDtmfReceived', channel, { digit, duration_ms: 100 });
  }

  /** A SIP event that a phone was sent by a NOTIFY. */
  notifyPhone(channel: FakeChannel, event: string): void {
    if (event === 'hold') this.hold(channel, true);
    else if (channel.state === 'Ringing') this.pickUp(channel);
    else this.hold(channel, false);
  }

  setVariable(channel: FakeChannel, variable: string, value: string): void {
    channel.variables.set(variable, value);
    this.emit('ChannelVarset', channel, { variable, value });
  }

  /** A new run without channels. */
  restart(): void {
    this.channels.clear();
    this.startupTime = `2026-11-21T10:00:0${this.#runs++}.000+0000`;
  }

  add(wanted: Partial<FakeChannel> & { endpoint: string }): FakeChannel {
    const { endpoint, ...rest } = wanted;
    const serial = (++this.#lastId).toString(16).padStart(8, '0');
    const id = rest.id ?? `1795255841.${this.#lastId}`;
    const channel: FakeChannel = {
      id,
      linkedid: id,
      name: `PJSIP/${endpoint}-${serial}`,
      createdAt: new Date(),
      variables: new Map(),
      digits: '',
      recording: null,
      spies: null,
      state: 'Down',
      number: '',
      callerName: '',
      exten: '',
      inStasis: false,
      hasMusic: false,
      cause: 0,
      ...rest,
    };
    this.channels.set(id, channel);
    this.emit('ChannelCreated', channel);
    return channel;
  }

  change(channel: FakeChannel, state: FakeChannel['state']): void {
    channel.state = state;
    this.emit('ChannelStateChange', channel);
  }

  json(channel: FakeChannel) {
    return channelJson(channel, this.channelvars);
  }

  emit(type: string, channel: FakeChannel, rest: Readonly<Record<string, unknown>> = {}): void {
    this.#send({ type, channel: this.json(channel), ...rest });
  }

  emitDial(peer: FakeChannel, dialstatus: string): void {
    const caller = this.channels.get(peer.linkedid);
    const who = caller && caller !== peer ? { caller: this.json(caller) } : {};
    this.#send({
      type: 'Dial',
      ...who,
      peer: this.json(peer),
      dialstatus,
      dialstring: '',
      forward: '',
    });
  }

  #send(event: Readonly<Record<string, unknown>>): void {
    const whole = {
      ...event,
      timestamp: asteriskTime(new Date()),
      asterisk_id: '52:54:00:00:00:01',
      application: 'tandem',
    };
    if (this.faults.has('missed-events')) return;
    const late = this.#held;
    this.#held = null;
    if (!late && this.faults.has('swapped-events')) this.#held = whole;
    else for (const each of late ? [whole, late] : [whole]) this.#deliver(each);
  }

  #deliver(event: Readonly<Record<string, unknown>>): void {
    this.listener(event);
    if (this.faults.has('duplicate-events')) this.listener(event);
  }

  #end(channel: FakeChannel, cause: number): void {
    if (!this.channels.delete(channel.id)) return;
    // ChanSpy's E; of a phone that rings ChanSpy has not begun.
    const spying = [...this.channels.values()].filter(
      ({ spies, state }) => state === 'Up' && spies?.startsWith(`${channel.name},`),
    );
    for (const spy of spying) this.#end(spy, 16);
    if (channel.inStasis) this.emit('StasisEnd', channel);
    this.emit('ChannelDestroyed', channel, { cause, cause_txt: CAUSES[cause] ?? 'Unknown' });
    // An application of Stasis that nobody runs leaves the others where they are.
    if (channel.inStasis || this.faults.has('one-leg-only')) return;
    if (this.hasMailbox && channel.id !== channel.linkedid) return;
    const others = [...this.channels.values()].filter((each) => each.linkedid === channel.linkedid);
    const isCaller = channel.id === channel.linkedid;
    if (isCaller || others.length === 1) for (const other of others) this.#end(other, cause);
  }
}
