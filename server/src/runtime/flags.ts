import { setFlagsFromString } from "node:v8";

/** A flag of V8: `--name`, `--no-name`, or `--name=value`. */
export type Flag = `--${string}`;

/** Has WASM compiled once and quickly, and never optimised beside what runs. */
export const quickWasm: readonly Flag[] = ["--no-wasm-dynamic-tiering", "--no-wasm-tier-up"];

/** Sets flags for the rest of the process. */
export function setFlags(flags: readonly Flag[]): void {
  for (const flag of flags) {
    const [name = flag] = flag.replace(/^--no-/, "--").split("=");
    if (!undoing.has(name)) undoing.set(name, undo(flag));
    setFlagsFromString(flag);
  }
}

/** Sets a flag that has to stay as it is until the process ends. */
export function setLastingFlag(flag: Flag): void {
  undoing.set(flag, null);
  setFlagsFromString(flag);
}

/** Sets all flags back that were set. V8 takes code from another process only where that had the same ones. @returns whether all could be */
export function resetFlags(): boolean {
  const flags = [...undoing.values()];
  if (flags.includes(null)) return false;
  for (const flag of flags) if (flag !== null) setFlagsFromString(flag);
  undoing.clear();
  return true;
}

/** What sets each flag back, by its name, from when it was first set; null for one that stays. */
const undoing = new Map<string, Flag | null>();

function undo(flag: Flag): Flag {
  const [name = flag, value] = flag.split("=");
  if (value !== undefined) return `--${name.slice(2)}=${usualValues.get(name)}`;
  return flag.startsWith("--no-") ? `--${flag.slice("--no-".length)}` : `--no-${flag.slice("--".length)}`;
}

/** What V8 begins with, the same in all of its versions that know the flag. */
const usualValues: ReadonlyMap<string, number> = new Map([
  ["--interrupt-budget", 67584],
  ["--semi-space-growth-factor", 2],
]);
