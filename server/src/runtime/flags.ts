import { setFlagsFromString } from "node:v8";

/** A flag of V8, and what it is unless it is set. */
export interface Flag {
  readonly set: `--${string}`;
  readonly usual: `--${string}`;
}

/** Sets flags of V8 for the rest of the process. */
export function setFlags(flags: readonly Flag[]): void {
  for (const flag of flags) {
    changed.add(flag);
    setFlagsFromString(flag.set);
  }
}

/** Sets all flags that were changed to what they usually are. V8 takes code from another process only where that had the same ones. */
export function resetFlags(): void {
  for (const { usual } of changed) setFlagsFromString(usual);
  changed.clear();
}

const changed = new Set<Flag>();
