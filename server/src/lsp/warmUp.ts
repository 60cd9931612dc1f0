import { setFlagsFromString } from "node:v8";
import { lintFiles } from "../app/lint";
import type { Project } from "../project/project";
import { loadPostgresGrammar } from "../sql/grammar/postgres";
import type { Workspace } from "./workspace";

/** Starts to load the grammar, at the first project that needs it. What goes wrong is told to whoever asks for a text's statements. */
export function loadGrammarFor({ configuration }: Project): void {
  if (isNeeded || configuration.dialect !== "postgresql") return;
  isNeeded = true;
  void loadGrammar().catch(() => {});
}

let isNeeded = false;

/**
 * Optimising the grammar's WASM takes more of the processor's time and of memory than all that is ever parsed in an editor, so that it is compiled
 * once and quickly; what is compiled after it, such as the embedded database, is optimised as it is used.
 */
async function loadGrammar(): Promise<void> {
  setFlagsFromString("--no-wasm-dynamic-tiering");
  setFlagsFromString("--no-wasm-tier-up");
  try {
    await loadPostgresGrammar();
  } finally {
    setFlagsFromString("--wasm-dynamic-tiering");
  }
}

/**
 * Has memory given back that isn't used any more before much more is taken: by default the heap grows to several times what an open file needs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=40");
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
