import { setFlagsFromString } from "node:v8";

/**
 * Has WebAssembly compiled quickly instead of well, for a command that parses each of a few files once: optimising the grammar
 * takes longer than the parsing, and the processor's time from the server that may be on the same machine.
 */
export function compileForOneUse(): void {
  setFlagsFromString("--liftoff-only");
}
