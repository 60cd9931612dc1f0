import { readName } from "./names";
import { skipGroup } from "./source";
import { addObject, frameOf, type Scan } from "./state";
import { startsSqlServerStatement } from "./words";

/** `RECEIVE … FROM queue` and `GET CONVERSATION GROUP @x FROM queue`: what they read is a queue, and no table. */
export function readQueue(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at + 1;
  for (; source.words[next] !== "from"; next = Math.max(next + 1, skipGroup(source, next))) {
    const word = source.words[next];
    if (word === undefined || word === ";" || word === ")" || startsSqlServerStatement(word)) return next;
  }
  const queue = readName(source, next + 1);
  if (queue !== null) addObject(scan, queue, "other", "read");
  return queue?.next ?? next + 1;
}

/** The same inside of `WAITFOR (…)`. */
export function waitedQueue(scan: Scan, at: number): number | null {
  const { call, first } = frameOf(scan);
  return call === "waitfor" && first === at ? readQueue(scan, at) : null;
}
