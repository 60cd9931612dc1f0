import { expect, it } from "vitest";
import { lintPaths } from "../../server/src/app/lint";
import { relatedPlaces } from "../../server/src/app/related";
import { loadProject } from "../../server/src/project/load";
import { lineIndex } from "../../server/src/sql/lineIndex";
import { folder } from "../project/folder";

const files = {
  "tenantry.json": "{}",
  "migrations/public/0001_a.sql": "CREATE TABLE public.plans (id bigint);\n-- 表\nCREATE TYPE public.mood AS ENUM ();",
  "migrations/tenant/0002_b.sql":
    "CREATE TABLE prototype.old (id bigint);\nALTER TABLE prototype.old RENAME TO orders;",
};

it.each([
  ["DROP TABLE orders;", ["unqualified-table migrations/tenant/0002_b.sql 1:36-42 prototype.orders is made here."]],
  [
    "ALTER TABLE prototype.orders ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES public.plans (id);",
    ["tenant-to-public-foreign-key migrations/public/0001_a.sql 0:20-25 public.plans is made here."],
  ],
  [
    "DROP TYPE public.mood;",
    ["public-change-in-tenant-migration migrations/public/0001_a.sql 2:19-23 public.mood is made here."],
  ],
  [
    "CREATE TABLE prototype.notes (id bigint);\nSELECT 1 FROM notes;",
    ["unqualified-table migrations/tenant/0003_c.sql 0:23-28 prototype.notes is made here."],
  ],
  ["SELECT 1 FROM nowhere;", []],
])("findings point at what they are about: %s", async (sql, expected) => {
  const root = await folder({ ...files, "migrations/tenant/0003_c.sql": sql });
  const { project } = await loadProject(root, { trusted: true });
  if (project === null) throw new Error("The project can't be read.");
  const linted = await lintPaths(project, [`${root}/migrations/tenant/0003_c.sql`]);
  const told = linted.flatMap((file) =>
    file.diagnostics.flatMap((finding) =>
      relatedPlaces(project, file.path, lineIndex(file.text), finding).map(
        ({ path, range: { start, end }, message }) =>
          `${finding.rule} ${path} ${start.line}:${start.character}-${end.character} ${message}`,
      ),
    ),
  );
  expect(told).toEqual(expected);
});
