/** What has changed about an agent. */
interface News {
  readonly hasState: boolean;
}

/**
 * Has news told one after the other: how things are is read when it is told, and what was read first must not come
 * last. What becomes news meanwhile is told together. @param tell never rejects
 */
export function inOrder(tell: (news: News) => Promise<void>): (news: News) => void {
  let waiting: News | null = null;
  let isTelling = false;

  async function tellAll() {
    isTelling = true;
    for (let news = waiting; news; news = waiting) {
      waiting = null;
      await tell(news);
    }
    isTelling = false;
  }

  return ({ hasState }) => {
    waiting = { hasState: hasState || waiting?.hasState === true };
    if (!isTelling) void tellAll();
  };
}
