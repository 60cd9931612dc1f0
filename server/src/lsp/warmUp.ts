import { setFlagsFromString } from "node:v8";
import { lintFiles } from "../app/lint";
import type { Configuration } from "../project/configuration";
import { loadPostgresGrammar } from "../sql/grammar/postgres";
import type { Workspace } from "./workspace";

/** Starts to load the grammar, at the first project that needs it. What goes wrong is told to whoever asks for a text's statements. */
export function loadGrammarFor({ dialect }: Configuration): void {
  if (isNeeded || dialect !== "postgresql") return;
  isNeeded = true;
  void loadGrammar().catch(() => {});
}

let isNeeded = false;

/**
 * Optimising the grammar's WASM takes more of the processor's time and of memory than all that is ever parsed in an editor, so that it is compiled
 * once and quickly; what is compiled after it, such as the embedded database, is optimised as it is used.
 */
async function loadGrammar(): Promise<void> {
  const atOnce = mindsFlagsLater() ? ["--no-wasm-lazy-compilation"] : [];
  for (const flag of ["--no-wasm-dynamic-tiering", "--no-wasm-tier-up", ...atOnce]) setFlagsFromString(flag);
  try {
    await loadPostgresGrammar();
  } finally {
    for (const flag of ["--wasm-dynamic-tiering", "--wasm-lazy-compilation"]) setFlagsFromString(flag);
  }
}

/**
 * From Node.js 22 on a function that is compiled at its first call goes by the flags of that time: they hold for the grammar only where all of it is compiled at once, which
 * takes 20 MB. Optimising it would take hundreds.
 */
function mindsFlagsLater(): boolean {
  return Number.parseInt(process.versions.v8, 10) > lastOfModules;
}

/** The last version of V8, that of Node.js 20, in which a module keeps the flags that it was loaded with. */
const lastOfModules = 11;

/**
 * Keeps the part of the heap for what is new as small as it is at the start: it would grow to half of what an open file needs, which is no use, as nearly all that
 * is made while a file is opened stays.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Checks the folders' files while nobody waits for anything, so that little is left to do when one of them is opened. What goes wrong is told to whoever
 * asks for it.
 */
export async function warmUp(workspace: Workspace, isStillWanted: () => boolean): Promise<void> {
  const until = performance.now() + longest;
  try {
    for (const root of await workspace.roots()) {
      const { project } = await workspace.project(root);
      if (project === null) continue;
      for await (const _ of lintFiles(project, [])) if (!isStillWanted() || performance.now() > until) return;
    }
  } catch {
    return;
  }
}

/** Milliseconds; of very many files the first ones are enough. */
const longest = 3000;
