/**
 * Runs a job for each item, `width` of them at once. After a failure no more are begun, and it rejects with that
 * failure when those under way are done.
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  width: number,
  job: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  const work = async () => {
    for (const item of rest) {
      await job(item).catch((error) => failures.push(error));
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  if (failures.length > 0) throw failures[0];
}
