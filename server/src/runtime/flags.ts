import { setFlagsFromString } from "node:v8";

/** A flag of V8, and what it is unless it is set; null for one that must stay as it was set. */
export interface Flag {
  readonly set: `--${string}`;
  readonly usual: `--${string}` | null;
}

/** Sets flags of V8 for the rest of the process. */
export function setFlags(flags: readonly Flag[]): void {
  for (const flag of flags) {
    changed.add(flag);
    setFlagsFromString(flag.set);
  }
}

/** Sets all flags that were changed to what they usually are. V8 takes code from another process only where that had the same ones. @returns whether all could be */
export function resetFlags(): boolean {
  const usual = [...changed].map((flag) => flag.usual);
  if (usual.includes(null)) return false;
  for (const flag of usual) if (flag !== null) setFlagsFromString(flag);
  changed.clear();
  return true;
}

const changed = new Set<Flag>();
