import { setTimeout } from "node:timers/promises";
import type { Configuration } from "../project/configuration";
import { openSlices } from "../project/slices";
import { quickWasm, setFlags } from "../runtime/flags";
import { openAnalysis } from "../sql/analyse";
import type { Dialect } from "../sql/dialect";
import { loadPostgresGrammar } from "../sql/grammar/postgres";
import { structuresOf } from "../sql/structure";

/** What has to be compiled before a text can be read: done while the client waits for the server to come up, nobody waits for it in the midst of a key. */
export interface Preparation {
  /** Begins with it for a project that is configured so, once for each dialect. */
  prepareFor(configuration: Configuration): void;
  /** It is done for one project, or there is none, or it takes longer than a client should wait. @param reading of all projects */
  doneOr(reading: Promise<void>): Promise<void>;
}

export function openPreparation(): Preparation {
  const begun = new Set<Dialect>();
  let isDone = () => {};
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  return {
    prepareFor({ dialect }) {
      if (begun.has(dialect)) return;
      begun.add(dialect);
      // What goes wrong is told to whoever asks for a text's statements.
      readSample(dialect).then(isDone, isDone);
    },
    async doneOr(reading) {
      const given = new AbortController();
      const isLate = setTimeout(longestWait, undefined, { signal: given.signal }).catch(() => {});
      // Whoever asks for a project is told what goes wrong with it.
      const isNone = reading.catch(() => {}).then(() => (begun.size === 0 ? undefined : done));
      await Promise.race([done, isNone, isLate]);
      given.abort();
    },
  };
}

/** Milliseconds. */
const longestWait = 1000;

async function readSample(dialect: Dialect): Promise<void> {
  if (dialect === "postgresql") await loadGrammar();
  structuresOf(await openAnalysis(sample, dialect, openSlices().rest));
}

/** Of each kind that has a large part of the grammar to itself. */
const sample = "CREATE TABLE a (\n  b int\n);\nSELECT 1;\n";

/** Optimising WASM takes more of the processor's time and of memory than all that is ever parsed, or run on an embedded database, in an editor. */
async function loadGrammar(): Promise<void> {
  setFlags(quickWasm);
  await loadPostgresGrammar();
}
