/** The index of the last of the sorted numbers that is not above the value; 0 where all are. */
export function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index of the first of the sorted numbers that is above the value; their count where none is. */
export function firstAbove(sorted: readonly number[], value: number): number {
  const last = lastAtMost(sorted, value);
  return last < sorted.length && (sorted[last] ?? 0) <= value ? last + 1 : last;
}

/** The index of the first of some items that is past a border, where all after it are, too; their count where none is. */
export function firstPast<T>(items: readonly T[], isPast: (item: T) => boolean): number {
  return firstIndex(items.length, (index) => {
    const item = items[index];
    return item === undefined || isPast(item);
  });
}

/** The first of so many indexes that is past a border, where all after it are, too; their count where none is. */
export function firstIndex(count: number, isPast: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
