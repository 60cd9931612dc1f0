/** A list of JSON values, each as text, that is sent again and again with few of them changed. What changes is turned into bytes, and the rest moves. */
export interface JsonList {
  /** @param items each with a comma in front of it; those that haven't changed should be the same strings. @returns whether any has */
  write(items: readonly string[]): boolean;
  readonly now: WrittenList;
}

/** A list as it was written once. */
export interface WrittenList {
  /** Without its brackets. */
  text(): string;
  /** `release` is to be called when the bytes have been read, as the next writing may take their place */
  lend(): { readonly bytes: Uint8Array; release(): void };
}

export function openJsonList(): JsonList {
  let bytes = Buffer.alloc(0);
  let readers = 0;
  let items: readonly string[] = [];
  /** Where each of them ends. */
  let ends: number[] = [];

  const write = (next: readonly string[]): boolean => {
    const { start, end } = unchanged(items, next);
    if (start === items.length && start === next.length) return false;
    const from = ends[start - 1] ?? 0;
    const rest = ends[items.length - end - 1] ?? 0;
    const length = ends.at(-1) ?? 0;
    const changed = next.slice(start, next.length - end);
    const sizes = changed.map((item) => Buffer.byteLength(item));
    const to = from + sizes.reduce((sum, size) => sum + size, 0);
    const whole = to + length - rest;
    const old = bytes;
    if (readers > 0 || whole > old.length) {
      bytes = Buffer.allocUnsafeSlow(Math.ceil(whole * 1.25));
      readers = 0;
      old.copy(bytes, 0, 0, from);
    }
    old.copy(bytes, to, rest, length);
    bytes.write(changed.join(""), from, "utf8");
    let at = from;
    const moved = sizes.map((size) => {
      at += size;
      return at;
    });
    ends = [...ends.slice(0, start), ...moved, ...ends.slice(items.length - end).map((one) => one + to - rest)];
    items = next;
    return true;
  };
  const written = (of: readonly string[]): WrittenList => {
    const text = () => of.join("").slice(1);
    return {
      text,
      lend() {
        if (items !== of) return { bytes: Buffer.from(text()), release: () => {} };
        const lent = bytes;
        readers++;
        return {
          bytes: lent.subarray(1, ends.at(-1) ?? 1),
          release() {
            if (bytes === lent) readers--;
          },
        };
      },
    };
  };

  return {
    write,
    get now() {
      return written(items);
    },
  };
}

/** How many are the same strings from the start on, and from the end. */
function unchanged(before: readonly string[], now: readonly string[]): { start: number; end: number } {
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { start, end };
}
