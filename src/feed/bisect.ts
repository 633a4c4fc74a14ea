/** The first index from `low` on that is not before what is sought; `high` when all are. Those before stand first. */
export function bisect(low: number, high: number, isBefore: (index: number) => boolean): number {
  let first = low;
  let end = high;
  while (first < end) {
    const middle = (first + end) >>> 1;
    if (isBefore(middle)) first = middle + 1;
    else end = middle;
  }
  return first;
}
