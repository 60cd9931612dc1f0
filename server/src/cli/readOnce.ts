import { type Flag, quickWasm, setFlags } from "../runtime/flags";

/**
 * Has code compiled quickly instead of well, for a command that parses each of a few files once: optimising the grammar, and the functions
 * that have run for a moment only, takes longer than the parsing, and the processor's time from the server that may be on the same machine.
 */
export function compileForOneUse(budget: Flag = lateOptimising): void {
  // From Node.js 22 on the first doesn't bring the others with it once the program runs.
  setFlags(["--liftoff-only", ...quickWasm]);
  // Later versions know no such flag, and say so.
  if (Number.parseInt(process.versions.v8, 10) <= 11) setFlags([budget]);
}

/** Bytes of code that a function runs through before it is optimised: many times V8's own measure, for what is called some hundred times. */
const lateOptimising: Flag = "--interrupt-budget=1000000";

/** The same for what may be called for thousands of tenants. */
export const soonerOptimising: Flag = "--interrupt-budget=250000";

/**
 * Has the grammar compiled whole, beside the reading of the files, instead of each function in the midst of the first statement that needs it. What goes
 * wrong is told to whoever asks for a statement.
 */
export async function compileGrammar(): Promise<void> {
  const { loadPostgresGrammar } = await import("../sql/grammar/postgres");
  setFlags(["--no-wasm-lazy-compilation"]);
  await loadPostgresGrammar().catch(() => {});
  setFlags(["--wasm-lazy-compilation"]);
}
