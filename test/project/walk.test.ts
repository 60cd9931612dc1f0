import { mkdir, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { glob } from "tinyglobby";
import { expect, it } from "vitest";
import { findSqlFiles } from "../../server/src/project/folders";
import { filesBelow, walk } from "../../server/src/project/walk";
import { folder } from "./folder";

const files = {
  "a.sql": "",
  "B.SQL": "",
  "c.Sql": "",
  "d.txt": "",
  ".hidden.sql": "",
  ".hidden/e.sql": "",
  "deep/er/f.sql": "",
  "deep/node_modules/g.sql": "",
  "node_modules/h.sql": "",
  "with space/i.sql": "",
  ...Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`many/${n}.sql`, ""])),
};

it("finds the files that the glob of them would", async () => {
  const root = await folder(files);
  const found = await filesBelow(root, (name) => /\.(?:sql|SQL)$/.test(name));
  const same = await glob("**/*.{sql,SQL}", { cwd: root, ignore: ["**/node_modules/**"] });
  expect(found.map((path) => relative(root, path)).sort()).toEqual(same.sort());
  expect(found).toHaveLength(1204);
});

it("follows links, but not in circles, and names a wanted one that leads nowhere", async () => {
  const root = await folder({ "here/a.sql": "", "there/b.sql": "" });
  const elsewhere = await folder({ "c.sql": "" });
  await symlink(elsewhere, join(root, "here/elsewhere"));
  await symlink(root, join(root, "here/back"));
  await symlink(join(root, "here"), join(root, "there/across"));
  await symlink(join(root, "there"), join(root, "there/round"));
  await symlink(join(root, "nowhere"), join(root, "there/lost"));
  await symlink(join(root, "nowhere.sql"), join(root, "there/lost.sql"));
  await symlink(join(elsewhere, "c.sql"), join(root, "there/d.sql"));
  const found = await filesBelow(root, (name) => name.endsWith(".sql"));
  expect(
    found
      .map((path) => path.split("/").at(-1))
      .filter((name) => name !== "a.sql")
      .sort(),
  ).toEqual(["b.sql", "c.sql", "d.sql", "lost.sql"]);
  expect(await filesBelow(join(root, "nothing"), () => true)).toEqual([]);
});

it("names the folders that are there and can't be read", async () => {
  const root = await folder({ "a.sql": "" });
  await symlink("circle", join(root, "circle"));
  expect(await walk(join(root, "circle"), () => true)).toEqual({
    files: [],
    unread: [{ path: join(root, "circle"), error: expect.objectContaining({ code: "ELOOP" }) }],
  });
});

it.each([
  "many",
  "./many/",
  "deep",
  ".hidden",
  ".",
  "with space",
  "d*p",
  "deep/er/f.sql",
  "many/../deep",
  "node_modules",
  "de*/e?",
  "{deep,many}/**",
  "**/er",
  "deep/er/*.sql",
])("a setting is read as its glob would be: %s", async (setting) => {
  const root = await folder(files);
  await mkdir(join(root, "empty"));
  const own = setting.replace(/^\.\//, "").replace(/\/$/, "");
  const pattern = /\.sql$/.test(own) ? own : own === "." ? "**/*.{sql,SQL}" : `${own}/**/*.{sql,SQL}`;
  const same = await glob(pattern, { cwd: root, expandDirectories: false, ignore: ["**/node_modules/**"] });
  const found = await findSqlFiles(root, { public: "empty", tenant: setting, format: "auto" });
  expect([...found.files].sort()).toEqual(same.sort());
});
