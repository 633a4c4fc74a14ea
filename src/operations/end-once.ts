/** What is being ended in this process, by its key: whether whoever began has ended it. */
const underWay = new Map<string, Promise<boolean>>();

/**
 * Ends things, each of which is ended once: of many who end one thing at the same time, the others wait for the first,
 * and find it over. What the first could not end, they try themselves.
 * @param end gives the keys of those that it has ended
 * @returns what `end` gave, and the keys of those that others have ended meanwhile
 */
export async function endOnce<Result extends { readonly ended: readonly string[] }>(
  keys: readonly string[],
  end: (keys: readonly string[]) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly others: readonly string[] }> {
  const begun = keys.flatMap((key) => {
    const first = underWay.get(key);
    return first ? [{ key, first }] : [];
  });
  const own = keys.filter((key) => !underWay.has(key));
  const [result, known] = await Promise.all([
    endFirst(own, end),
    Promise.all(begun.map(async ({ key, first }) => ({ key, isOver: await first }))),
  ]);
  const left = known.filter(({ isOver }) => !isOver).map(({ key }) => key);
  const others = known.filter(({ isOver }) => isOver).map(({ key }) => key);
  return { results: left.length > 0 ? [result, await end(left)] : [result], others };
}

async function endFirst<Result extends { readonly ended: readonly string[] }>(
  keys: readonly string[],
  end: (keys: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const told = new Map(keys.map((key) => [key, Promise.withResolvers<boolean>()]));
  for (const [key, { promise }] of told) underWay.set(key, promise);
  let ended: readonly string[] = [];
  try {
    const result = await end(keys);
    ended = result.ended;
    return result;
  } finally {
    for (const [key, { resolve }] of told) {
      underWay.delete(key);
      resolve(ended.includes(key));
    }
  }
}
