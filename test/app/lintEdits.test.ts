import fc from "fast-check";
import { expect, it } from "vitest";
import { lintBuffer } from "../../server/src/app/lint";
import { defaultConfiguration } from "../../server/src/project/configuration";
import type { Project } from "../../server/src/project/project";
import { readText, withText } from "../../server/src/project/sqlText";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";

const paths = ["migrations/public/0001_a.sql", "migrations/tenant/0002_b.sql", "migrations/tenant/0003_c.sql"] as const;

const pieces = [
  "create table a (id int primary key, b_id int references b);\n",
  "create table prototype.a (id int not null, note text);\n",
  "create table public.b (id int);\n",
  "create table prototype.b (id int);\n",
  "create type mood as enum ('a', 'b');\n",
  "alter table prototype.a rename to b;\n",
  "alter table b rename to c;\n",
  "alter table c rename to a;\n",
  "alter table a set schema public;\n",
  "alter table prototype.a alter column note type int;\n",
  "alter table prototype.a alter column id set not null;\n",
  "alter table prototype.a add constraint k check (id is not null) not valid;\n",
  "alter table prototype.a validate constraint k;\n",
  "alter table prototype.a add column note text default 'x';\n",
  "drop table b;\n",
  "drop table if exists prototype.a cascade;\n",
  "drop schema prototype cascade;\n",
  "create temporary table b (id int);\n",
  "insert into a select * from b;\n",
  "update a set id = 1;\n",
  "delete from prototype.b;\n",
  "create index on prototype.a (id);\n",
  "create function f() returns int language sql as 'select count(*) from a';\n",
  "-- tenantry: ignore unqualified-table: it is meant\n",
  "-- tenantry: scope public\n",
  "-- tenantry: no-transaction\n",
  "-- migrate:up\n",
  "-- migrate:down\n",
  "\\d a\n",
  "select 1",
  ";",
  "'",
  "x",
  "\n",
];

const piece = fc.constantFrom(...pieces);
const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(""));
const edit = fc.record({
  file: fc.nat(2),
  at: fc.nat(),
  removed: fc.oneof(fc.nat(2), fc.nat(60)),
  put: fc.oneof(piece, fc.constant("")),
});

it("what is kept of an open file's findings is what checking it anew would find, whichever file is edited", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text), fc.array(edit, { maxLength: 12 }), async (begin, edits) => {
      const texts = [...begin];
      let project = projectOf(texts);
      const open = await Promise.all(texts.map((one) => openAnalysis(one, "postgresql")));
      for (const { file, at, removed, put } of [{ file: 0, at: 0, removed: 0, put: "" }, ...edits]) {
        const old = texts[file] ?? "";
        const from = at % (old.length + 1);
        const now = old.slice(0, from) + put + old.slice(from + removed);
        texts[file] = now;
        const before = open[file];
        if (before) open[file] = editAnalysis(before, now);
        project = withText(project, paths[file] ?? "", now);
        const fresh = projectOf(texts);
        for (const [index, path] of paths.entries()) {
          const analysis = open[index];
          if (!analysis) continue;
          const kept = await lintBuffer(project, path, analysis);
          const anew = await lintBuffer(fresh, path, await analyse(texts[index] ?? "", "postgresql"));
          expect(told(kept)).toEqual(told(anew));
        }
      }
    }),
    { numRuns: 40 },
  );
});

/** A project that nothing is known of yet. */
function projectOf(texts: readonly string[]): Project {
  const empty: Project = {
    root: "/nowhere",
    configurationPath: "/nowhere/tenantry.json",
    configuration: { ...defaultConfiguration(), preset: "strict" },
    migrations: [],
    problems: [],
    trusted: true,
  };
  const migrations = texts.map((one, index) => readText(empty, paths[index] ?? "", one).migration);
  return { ...empty, migrations };
}

function told(linted: Awaited<ReturnType<typeof lintBuffer>>): unknown {
  return linted?.diagnostics.map(({ rule, severity, start, end, message, fixes, related = [] }) => ({
    ...{ rule, severity, start, end, message, fixes },
    related: related.map(({ file, start, end, message }) => ({ file, start, end, message })),
  }));
}
