import type { Refusal } from "../engine/events";
import { fewNames } from "../engine/text";
import { openCatalog } from "../model/catalog";
import type { Migration } from "../model/migration";
import { analysisOf } from "./analyses";
import type { Target } from "./target";

/** The shared tables that these migrations leave, and that aren't there: a public schema of another shape isn't adopted. */
export async function missingSharedTables(
  { project, database }: Target,
  migrations: readonly Migration[],
): Promise<Refusal[]> {
  const { publicSchema } = project.configuration;
  const files = [];
  for (const migration of migrations) {
    const { path, scope, up } = migration;
    files.push({ path, scope, up, analysis: await analysisOf(project, migration) });
  }
  const { end } = openCatalog(project.configuration).read(files);
  const made = new Set(
    files
      .flatMap(({ analysis }) => analysis.statements.flatMap(({ facts }) => facts.tables))
      .filter(({ schema }) => schema === publicSchema)
      .map(({ name }) => name),
  );
  const expected = [...made].filter((name) => (end.find(publicSchema, name)?.file ?? null) !== null);
  const present = await database.session((session) =>
    session.query<{ name: string }>(
      "select relname::text as name from pg_catalog.pg_class where relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $1::text)",
      [publicSchema],
    ),
  );
  const there = new Set(present.map(({ name }) => name));
  const missing = expected.filter((name) => !there.has(name));
  if (missing.length === 0) return [];
  return [
    {
      code: "different-shape",
      message: `The schema "${publicSchema}" hasn't got what the public migrations make: ${fewNames(missing.map((name) => `"${name}"`))}. Adopt it at the version that it is at, or run the migrations instead.`,
    },
  ];
}
