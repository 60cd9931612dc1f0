import { readName } from "./names";
import { follows, skipGroup } from "./source";
import { addObject, frameOf, type Scan } from "./state";
import { startsSqlServerStatement } from "./words";

/** Whether one of Service Broker's statements begins here with a word that means nothing elsewhere. */
export function beginsBrokerStatement(scan: Scan, at: number): boolean {
  if (scan.frames.length > 1) return false;
  return follows(scan.source, at, "send", "on", "conversation") || follows(scan.source, at, "get", "conversation");
}

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
