import { readCalls } from '../store/queries/read.ts';
import type { Context } from './context.ts';

/** The markers of a call, which was read without them. */
export async function readMarkers({ database, visibility }: Context, callId: string) {
  const [call] = await readCalls(database, [callId], { markers: true }, visibility);
  return call?.markers ?? [];
}
