/** Each selection is another text, and Postgres keeps every prepared one for each connection. */
const MOST_PREPARED = 500;

/** The driver never lets go of a prepared text, but renews each connection within an hour. */
const IDLE_MS = 3_600_000;

/**
 * Says which texts to prepare: those that come again. A text keeps its slot while it is in use; one that has
 * not been seen for so long that no connection has it any more gives its slot away.
 */
export function createPreparedTexts({ most = MOST_PREPARED, now = Date.now } = {}) {
  // Both in the order of use: what was seen last is at the end.
  const slots = new Map<string, number>();
  const seenOnce = new Set<string>();

  function hasRoom(): boolean {
    const [oldest] = slots;
    if (slots.size < most || !oldest) return true;
    const [text, usedAt] = oldest;
    return now() - usedAt >= IDLE_MS && slots.delete(text);
  }

  function isWorthASlot(text: string): boolean {
    if (slots.delete(text)) return true;
    if (seenOnce.delete(text) && hasRoom()) return true;
    seenOnce.add(text);
    const [oldest] = seenOnce;
    if (seenOnce.size > most && oldest !== undefined) seenOnce.delete(oldest);
    return false;
  }

  return (text: string): boolean => {
    const isPrepared = isWorthASlot(text);
    if (isPrepared) slots.set(text, now());
    return isPrepared;
  };
}
