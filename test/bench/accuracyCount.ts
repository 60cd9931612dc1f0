/** How many of the things in truth were found, how many missed, and how many were told that aren't there. */
export interface Count {
  found: number;
  missed: number;
  wrong: number;
}

export function newCount(): Count {
  return { found: 0, missed: 0, wrong: 0 };
}

/** Compares two lists whatever their order, each item as often as it is there. */
export function compare(
  truth: readonly string[],
  told: readonly string[],
  count: Count,
  tell: (line: string) => void,
): void {
  const left = new Map<string, number>();
  for (const item of told) left.set(item, (left.get(item) ?? 0) + 1);
  for (const item of truth) {
    const times = left.get(item) ?? 0;
    if (times === 0) {
      count.missed++;
      tell(`missed ${item}`);
    } else {
      count.found++;
      left.set(item, times - 1);
    }
  }
  for (const [item, times] of left) {
    count.wrong += times;
    for (let n = 0; n < times; n++) tell(`made up ${item}`);
  }
}

/** A line of figures; nothing in truth has no share. */
export function shares({ found, missed, wrong }: Count): string {
  if (found + missed + wrong === 0) return "none";
  const share = (part: number) => (found + part === 0 ? "–" : `${((100 * found) / (found + part)).toFixed(2)} %`);
  return `${found + missed} in truth, recall ${share(missed)}, precision ${share(wrong)}`;
}
