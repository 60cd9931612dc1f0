/** Puts elements in the place of others, however many there are. @returns those that are gone */
export function replaceIn<T>(list: T[], at: number, gone: number, come: readonly T[]): T[] {
  if (come.length < mostArguments) return list.splice(at, gone, ...come);
  const rest = list.slice(at + gone);
  const removed = list.splice(at, list.length);
  removed.length = gone;
  for (const one of come) list.push(one);
  for (const one of rest) list.push(one);
  return removed;
}

/** A call takes no more than some ten thousands. */
const mostArguments = 10_000;
