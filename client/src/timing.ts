/** Collects what comes in quick succession, and hands it over once nothing has come for `quiet` milliseconds. */
export function gathered<T>(handle: (items: readonly T[]) => void, quiet: number): (item: T) => void {
  let items: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  return (item) => {
    items.push(item);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = items;
      items = [];
      handle(all);
    }, quiet);
  };
}

/** Calls at once, and then at most once per `interval` milliseconds, the last call never lost. */
export function throttled(call: () => void, interval: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const tick = () => {
    timer = again ? setTimeout(tick, interval) : undefined;
    if (again) call();
    again = false;
  };
  return () => {
    if (timer) {
      again = true;
      return;
    }
    call();
    timer = setTimeout(tick, interval);
  };
}
