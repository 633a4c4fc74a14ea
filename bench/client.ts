import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Sends GraphQL over one kept-alive connection and gives the body. */
export type Ask = (query: string, variables: object) => Promise<string>;

/** Opens the connection. */
export function openClient(url: string, token: string): Disposable & { readonly ask: Ask } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask: Ask = (query, variables) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ query, variables });
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        text(response).then((answer) => {
          const good = response.statusCode === 200 && !answer.startsWith('{"errors"');
          if (good) resolve(answer);
          else reject(new Error(`${response.statusCode}: ${answer.slice(0, 500)}`));
        }, reject);
      });
      sent.on('error', reject).end(body);
    });
  return { ask, [Symbol.dispose]: () => agent.destroy() };
}
