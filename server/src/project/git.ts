import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { promisify } from "node:util";
import { ProjectError } from "./projectError";

/**
 * The files that were added or changed since a branch left the given commit: in commits, in the index, in the working tree, and those that Git
 * doesn't follow yet, in submodules, too. A renamed file counts as a new one. Absolute paths.
 * @throws ProjectError where there is no repository or no such commit
 */
export async function changedFiles(root: string, reference: string): Promise<ReadonlySet<string>> {
  const top = await topOf(root, noRepository(root));
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
  return new Set(await changedSince(root, top, base.trim()));
}

/** @param top of the repository that a folder lies in @param base the commit that its files are compared with; null for one that had none of them */
async function changedSince(folder: string, top: string, base: string | null): Promise<string[]> {
  const listed = [
    base === null
      ? ["ls-files", "--full-name", "-z", ":/"]
      : [
          "diff",
          "--name-only",
          "--no-renames",
          "--no-ext-diff",
          "--no-relative",
          "--diff-filter=d",
          "--ignore-submodules=all",
          "-z",
          base,
          "--",
        ],
    ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"],
  ].map((words) => git(folder, words, "Git can't say what has changed"));
  // Whichever of them is named, names stand from the repository's top.
  const own = (await Promise.all(listed)).flatMap(zeroEnded).map((name) => join(top, name));
  const modules = await Promise.all((await submodulesOf(top)).map((path) => changedInSubmodule(top, path, base)));
  return [...own, ...modules.flat()];
}

async function changedInSubmodule(top: string, path: string, base: string | null): Promise<string[]> {
  const folder = join(top, path);
  // One that isn't checked out has no files.
  if (!existsSync(join(folder, ".git"))) return [];
  const [pinned] = base === null ? [] : zeroEnded(await git(top, ["ls-tree", "-z", base, "--", path], cantTell(path)));
  const commit = pinned === undefined ? null : (/^160000 commit (\w+)\t/.exec(pinned)?.[1] ?? null);
  if (commit !== null)
    await git(
      folder,
      ["rev-parse", "--verify", "--quiet", `${commit}^{commit}`],
      `The submodule ${path} doesn't hold the commit ${commit} that it was at. Fetch its whole history first (\`git submodule foreach git fetch --unshallow\`).`,
    );
  return changedSince(folder, folder, commit);
}

/** The paths of a repository's submodules. */
async function submodulesOf(top: string): Promise<string[]> {
  const file = join(top, ".gitmodules");
  if (!existsSync(file)) return [];
  const entries = await git(top, ["config", "--file", file, "-z", "--list"], `Git can't read ${file}`);
  return zeroEnded(entries).flatMap((entry) => /^submodule\.[^\n]*\.path\n(.*)$/s.exec(entry)?.[1] ?? []);
}

async function topOf(folder: string, refusal: string): Promise<string> {
  // Not `--show-toplevel`, which follows links, so that no path would be one that a project has.
  const prefix = (await git(folder, ["rev-parse", "--show-prefix"], refusal)).replace(/\r?\n$/, "");
  return resolve(folder, posix.relative(prefix, ""));
}

function zeroEnded(list: string): string[] {
  return list.split("\0").filter((entry) => entry !== "");
}

function cantTell(path: string): string {
  return `Git can't say at which commit the submodule ${path} was`;
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
