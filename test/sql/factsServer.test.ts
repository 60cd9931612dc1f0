import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import type { AnalysedStatement } from "../../server/src/sql/facts";
import { withDatabase } from "../support/database";

// What PostgreSQL recorded after it ran the SQL is a truth that owes nothing to any parser of ours.

const folders = {
  "test/fixtures/facts": ["."],
  "examples/shop/migrations": ["public", "tenant"],
} as const;

test.each(Object.entries(folders))("%s", async (folder, parts) => {
  const root = join(import.meta.dirname, "../..", folder);
  const files = parts.flatMap((part) => readdirSync(join(root, part)).map((name) => join(root, part, name)));
  const ordered = files.sort((a, b) => name(a).localeCompare(name(b)));
  await withDatabase(async ({ sql }) => {
    await sql('create schema if not exists "prototype"');
    const statements: AnalysedStatement[] = [];
    for (const file of ordered) {
      const text = readFileSync(file, "utf8");
      await sql(text);
      statements.push(...(await analyse(text, "postgresql")).statements);
    }
    expect(foreignKeys(statements)).toEqual((await sql<{ key: string }>(recordedKeys)).map(({ key }) => key).sort());
    expect(viewSources(statements)).toEqual(
      (await sql<{ source: string }>(recordedSources)).map(({ source }) => source),
    );
  });
});

function name(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function foreignKeys(statements: readonly AnalysedStatement[]): string[] {
  return statements
    .flatMap(({ facts }) => facts.foreignKeys)
    .map(({ from, columns, to }) => `${from.schema}.${from.name} (${columns.join(", ")}) -> ${to.schema}.${to.name}`)
    .sort();
}

/** A partition's and a child's copies of a key have a parent constraint. */
const recordedKeys = `
  select format('%s.%s (%s) -> %s.%s', fn.nspname, f.relname,
    (select string_agg(a.attname, ', ' order by k.n) from unnest(c.conkey) with ordinality k (attnum, n)
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum),
    tn.nspname, t.relname) as key
  from pg_constraint c
  join pg_class f on f.oid = c.conrelid join pg_namespace fn on fn.oid = f.relnamespace
  join pg_class t on t.oid = c.confrelid join pg_namespace tn on tn.oid = t.relnamespace
  where c.contype = 'f' and c.conparentid = 0`;

function viewSources(statements: readonly AnalysedStatement[]): string[] {
  const found = statements
    .filter(({ facts }) => facts.kind === "CREATE VIEW" || facts.kind === "CREATE MATERIALIZED VIEW")
    .flatMap(({ facts }) => {
      const view = facts.tables.find(({ use }) => use === "create");
      const sources = facts.tables.filter(({ use }) => use === "read");
      return sources.map((source) => `${view?.schema}.${view?.name} reads ${source.schema}.${source.name}`);
    });
  return [...new Set(found)].sort();
}

const recordedSources = `
  select distinct format('%s.%s reads %s.%s', vn.nspname, v.relname, tn.nspname, t.relname) as source
  from pg_rewrite r
  join pg_class v on v.oid = r.ev_class join pg_namespace vn on vn.oid = v.relnamespace
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
  join pg_class t on t.oid = d.refobjid and t.oid <> v.oid join pg_namespace tn on tn.oid = t.relnamespace
  where vn.nspname not in ('pg_catalog', 'information_schema')`;
