import { WebSocket } from 'ws';
import { markedText } from '../model/exact-json.ts';
import { createOperationTurns } from './operation-turns.ts';

/**
 * A WebSocket whose messages have no numbers that JavaScript would change: graphql-ws parses by itself, and what it
 * takes to look at numbers is slow. And with ids that graphql-ws can tell apart.
 */
export class ExactSocket extends WebSocket {
  readonly #turns = createOperationTurns(async (message) => {
    await Promise.all(this.listeners('message').map((listener) => listener.call(this, message)));
  });

  override emit(event: string | symbol, ...told: unknown[]): boolean {
    if (event !== 'message') return super.emit(event, ...told);
    this.#turns.take(markedText(String(told[0])));
    return true;
  }
}
