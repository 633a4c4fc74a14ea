import type { KeyPress } from '../connector.ts';
import type { Told } from './dialog.ts';
import type { KnownCalls } from './known-calls.ts';
import { isoOf, nativeIdOf } from './translate.ts';

/** By the numbers of the events, which some phones send instead (RFC 4733, 3.2). */
const SIGNALS = '0123456789*#ABCD';

/**
 * The digit in the body of an INFO: `Signal=5` and other lines in application/dtmf-relay, the digit alone in
 * application/dtmf. Null when there is none, or a hook flash.
 */
export function digitIn(body: string): string | null {
  const [, signal = body] = /^\s*Signal\s*=\s*(\S*)/im.exec(body) ?? [];
  const said = signal.trim().toUpperCase();
  if (/^\d{2}$/.test(said)) return SIGNALS[Number(said)] ?? null;
  return said.length === 1 && SIGNALS.includes(said) ? said : null;
}

/** What was pressed, or null: when nothing was, or when it was told before. */
export function pressIn(told: Told, known: KnownCalls): KeyPress | null {
  const { leg, cseq, at, keys } = told;
  const digits = leg ? digitIn(keys) : null;
  if (!leg || digits === null || !known.press(nativeIdOf(told), `${leg} ${cseq}`)) return null;
  return { nativeId: leg, digits, at: isoOf(at) };
}
