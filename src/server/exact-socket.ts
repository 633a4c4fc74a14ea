import { WebSocket } from 'ws';
import { markedText } from '../model/exact-json.ts';

/**
 * A WebSocket whose messages have no numbers that JavaScript would change: graphql-ws parses by itself, and what it
 * takes to look at numbers is slow.
 */
export class ExactSocket extends WebSocket {
  override emit(event: string | symbol, ...told: unknown[]): boolean {
    if (event !== 'message') return super.emit(event, ...told);
    const [data, ...others] = told;
    return super.emit(event, markedText(String(data)), ...others);
  }
}
