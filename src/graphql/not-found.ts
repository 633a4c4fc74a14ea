import { GatewayError } from '../model/errors.ts';

/** For queries that are asked whether something is there: it not being there is an answer. */
export async function notFoundAsNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof GatewayError && error.code.endsWith('_NOT_FOUND')) return null;
    throw error;
  }
}
