import { z } from 'zod';
import { jsonObjectOf, type LegacyRequest } from '../legacy-request.ts';
import { isStorable } from '../tame.ts';
import { Fault } from './fault.ts';

/** A whole number, bare or as a text, without zeros in front: VoipNow's samples and clients send both. */
export const numberIn = (least: number, most: number) => {
  const error = `must be a number from ${least} to ${most}`;
  const range = z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
  const text = z
    .string()
    .regex(/^(?:0|[1-9]\d{0,8})$/)
    .transform(Number)
    .pipe(range);
  return z.union([range, text], { error });
};

const STORABLE = 'must have whole characters alone, and no U+0000 or U+FFFD';
/** A text that can be stored. */
export const text = (error: string) => z.string({ error }).refine(isStorable, { error: STORABLE });

/** A text, or its digits as a bare number: VoipNow's parser takes both. Bare, it has no zero in front. */
export const orBare = (texts: z.ZodType<string, string>, error: string) =>
  z.union([texts, z.int({ error }).min(0, { error }).transform(String)], { error });

/** Reads a body of this shape; what it does not name is ignored. Refuses with the word of the first wrong field. */
export function readPayload<Shape extends z.ZodObject>(
  shape: Shape,
  request: LegacyRequest,
  wordOf: (field: string) => string,
): z.output<Shape> {
  const read = shape.safeParse(jsonObjectOf(request));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = String(issue?.path.findLast((part) => typeof part === 'string'));
  throw new Fault(wordOf(field), `The ${field} ${issue?.message}.`);
}
