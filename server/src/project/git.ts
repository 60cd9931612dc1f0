import { execFile } from "node:child_process";
import { posix, resolve } from "node:path";
import { promisify } from "node:util";
import { ProjectError } from "./projectError";

/**
 * The files that were added or changed since a branch left the given commit: in commits, in the index, in the working tree, and those that Git
 * doesn't follow yet. A renamed file counts as a new one. Absolute paths.
 * @throws ProjectError where there is no repository or no such commit
 */
export async function changedFiles(root: string, reference: string): Promise<ReadonlySet<string>> {
  // Where the folder stands in the repository; empty at its top.
  const prefix = (await git(root, ["rev-parse", "--show-prefix"], noRepository(root))).replace(/\r?\n$/, "");
  const commit = await git(
    root,
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`],
    `Git knows no commit "${reference}". Name a branch, a tag or a commit that is there; in a workflow, fetch the whole history first (fetch-depth: 0).`,
  );
  const base = await git(
    root,
    ["merge-base", commit.trim(), "HEAD"],
    `"${reference}" and HEAD have no commit in common, so that nothing tells what has changed since. In a workflow, fetch the whole history first (fetch-depth: 0).`,
  );
  const listed = [
    // Without a path, both name files from the repository's top.
    [
      "diff",
      "--name-only",
      "--no-renames",
      "--no-ext-diff",
      "--no-relative",
      "--diff-filter=d",
      "-z",
      base.trim(),
      "--",
    ],
    ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"],
  ].map((words) => git(root, words, "Git can't say what has changed"));
  const names = (await Promise.all(listed)).flatMap((list) => list.split("\0")).filter((name) => name !== "");
  return new Set(names.map((name) => resolve(root, posix.relative(prefix, name))));
}

const run = promisify(execFile);

async function git(root: string, words: readonly string[], refusal: string): Promise<string> {
  try {
    const { stdout } = await run("git", ["-C", root, ...words], { maxBuffer: 1024 ** 3, windowsHide: true });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT")
      throw new ProjectError("`--since` asks Git, and there is no `git` to run.", { cause: error });
    const told = stderr?.trim().split("\n").at(-1) ?? "";
    throw new ProjectError(told === "" ? refusal : `${refusal} (Git says: ${told})`, { cause: error });
  }
}

function noRepository(root: string): string {
  return `\`--since\` compares with a commit, and ${root} lies in no Git repository.`;
}
