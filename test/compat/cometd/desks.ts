import { startTandem, type TestTandem } from '../../support/tandem.ts';
import { basic, Desktop, type Message } from './desktop.ts';

/** The call that DeleteUserData's page prints. */
export const SEED = '01RCC3N118B1V0SL807GK2LAES00000R';

/** The demo, with desktops of its users. */
export interface Desks extends AsyncDisposable {
  readonly url: string;
  readonly database: TestTandem['database'];
  /** Asks for an operation. */
  post(path: string, body: object, username?: string): Promise<Response>;
  /** A desktop that is told of its calls. */
  subscribed(username: string, channel?: string, ext?: object): Promise<Desktop>;
  /** Somebody calls a number, by the last of his telephones. */
  dial(username: string, to: string): Promise<void>;
}

/** Starts a demo of a test's own. */
export async function openDesks(): Promise<Desks> {
  const tandem = await startTandem({ demo: true });
  const { url, database } = tandem;
  const post: Desks['post'] = (path, body, username = 'alice') =>
    fetch(`${url}/api/v2${path}`, {
      method: 'POST',
      headers: { authorization: basic(username) },
      body: JSON.stringify(body),
    });
  return {
    url,
    database,
    post,
    async subscribed(username, channel = '/v2/me/calls', ext = {}) {
      const desktop = new Desktop(url, username);
      await desktop.handshake(ext);
      await desktop.subscribe(channel);
      return desktop;
    },
    async dial(username, to) {
      const mine = await fetch(`${url}/api/v2/me/devices?fields=id`, {
        headers: { authorization: basic(username) },
      });
      const { devices } = (await mine.json()) as { devices: { id: string }[] };
      const body = { operationName: 'Dial', destination: { phoneNumber: to } };
      await post(`/me/devices/${devices.at(-1)?.id}/calls`, body, username);
    },
    [Symbol.asyncDispose]: () => tandem[Symbol.asyncDispose](),
  };
}

/** What a message says, in short. */
export const typeOf = ({ data }: Message) => `${data?.notificationType} ${data?.call.state}`;

/** Whether a call to this number is answered: the demo makes others meanwhile. */
export const isAnswered = (number: string) => (message: Message) =>
  typeOf(message) === 'StatusChange Established' && message.data?.call.dnis === number;
