import { lintFiles } from "../app/lint";
import { setFlags } from "../runtime/flags";
import type { Workspace } from "./workspace";

/**
 * Keeps the part of the heap for what is new as small as it is at the start: it would grow to half of what an open file needs, which is no use, as nearly all that
 * is made while a file is opened stays.
 */
export function keepHeapSmall(): void {
  setFlags(["--semi-space-growth-factor=1"]);
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
