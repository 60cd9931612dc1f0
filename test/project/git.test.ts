import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { changedFiles } from "../../server/src/project/git";

/** A repository with one commit on `main`, and its project in a folder below the top. */
function repository(): {
  top: string;
  root: string;
  git: (...words: string[]) => string;
  write: (path: string, text: string) => void;
} {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "tenantry-git-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
      cwd: top,
      encoding: "utf8",
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  git("init", "-q", "-b", "main");
  for (const name of ["0001_a.sql", "0002_b.sql", "0003_c.sql", "0004_d.sql"])
    write(`app/migrations/${name}`, `select '${name}';\n`);
  write(".gitignore", "*.tmp.sql\n");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
  return { top, root: join(top, "app"), git, write };
}

it("finds what is committed, staged, changed, renamed and new since a branch was left, and nothing else", async () => {
  const { top, root, git, write } = repository();
  git("checkout", "-q", "-b", "feature");
  write("app/migrations/0005 über.sql", "select 5;\n");
  git("add", "-A");
  git("commit", "-q", "-m", "second");
  write("app/migrations/0001_a.sql", "select 'changed';\n");
  write("app/migrations/0006_staged.sql", "select 6;\n");
  git("add", "app/migrations/0006_staged.sql");
  write("app/migrations/0007_new.sql", "select 7;\n");
  write("app/migrations/0008.tmp.sql", "select 8;\n");
  write("other/0009_beside.sql", "select 9;\n");
  renameSync(join(root, "migrations/0003_c.sql"), join(root, "migrations/0010_c.sql"));
  rmSync(join(root, "migrations/0004_d.sql"));
  // What main has got meanwhile is none of this branch's.
  git("stash", "-q", "-u");
  git("checkout", "-q", "main");
  write("app/migrations/0002_b.sql", "select 'on main';\n");
  git("commit", "-q", "-a", "-m", "third");
  git("checkout", "-q", "feature");
  git("stash", "pop", "-q", "--index");
  const found = [...(await changedFiles(root, "main"))].map((path) => relative(top, path)).sort();
  expect(found).toEqual([
    "app/migrations/0001_a.sql",
    "app/migrations/0005 über.sql",
    "app/migrations/0006_staged.sql",
    "app/migrations/0007_new.sql",
    "app/migrations/0010_c.sql",
    "other/0009_beside.sql",
  ]);
  expect([...(await changedFiles(top, "main"))].map((path) => relative(top, path)).sort()).toEqual(found);
});

it("looks into submodules, from the commit that they were at", async () => {
  const { top, root, git, write } = repository();
  const shared = repository();
  git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", shared.top, "app/shared");
  git("commit", "-q", "-m", "with the submodule");
  expect([...(await changedFiles(root, "HEAD"))]).toEqual([]);

  write("app/shared/app/migrations/0005_committed.sql", "select 5;\n");
  git("-C", "app/shared", "add", "-A");
  git("-C", "app/shared", "commit", "-q", "-m", "in the submodule");
  write("app/shared/app/migrations/0001_a.sql", "select 'changed';\n");
  write("app/shared/app/migrations/0006_new.sql", "select 6;\n");
  const found = [...(await changedFiles(root, "HEAD"))].map((path) => relative(top, path)).sort();
  const folder = "app/shared/app/migrations";
  expect(found).toEqual([`${folder}/0001_a.sql`, `${folder}/0005_committed.sql`, `${folder}/0006_new.sql`]);

  // Before it was there, all of its files are new.
  const all = [...(await changedFiles(root, "HEAD~1"))].map((path) => relative(top, path));
  expect(all).toContain(`${folder}/0002_b.sql`);
});

it("says what is wrong outside of a repository, and with a commit that isn't there", async () => {
  const { root } = repository();
  await expect(changedFiles(root, "nowhere")).rejects.toThrow(/^Git knows no commit "nowhere"\. Name a branch/);
  await expect(changedFiles(root, "--output=x")).rejects.toThrow(/^Git knows no commit "--output=x"/);
  const bare = mkdtempSync(join(tmpdir(), "tenantry-none-"));
  onTestFinished(() => rmSync(bare, { recursive: true, force: true }));
  await expect(changedFiles(bare, "main")).rejects.toThrow(/lies in no Git repository/);
});

it("says so where two histories have nothing in common", async () => {
  const { root, git, write } = repository();
  git("checkout", "-q", "--orphan", "apart");
  write("app/migrations/0001_a.sql", "select 1;\n");
  git("commit", "-q", "-a", "-m", "apart");
  await expect(changedFiles(root, "main")).rejects.toThrow(/^"main" and HEAD have no commit in common/);
});
