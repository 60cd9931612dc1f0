import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Client } from "pg";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import { isBuiltInFunction } from "../../server/src/sql/builtInFunctions";
import { isBuiltInType } from "../../server/src/sql/scan/words";
import { createDatabase, withDatabase } from "../support/database";
import { withoutAnnotations } from "./annotations";
import { fileFixtures, fixturesFolder, lintFixture, projectOf } from "./fixtures";

/*
 * Each fixture with a fix is run on a server as it is written, with the search path of a run, and as it is fixed, with none. Statement by
 * statement both have to succeed or to be refused alike, and in the end both databases have to be the same.
 */

const fixed = fileFixtures
  .filter((path) => !projectOf(path).endsWith("tsql"))
  .filter((path) => existsSync(join(fixturesFolder, path.replace(/\.sql$/, ".fixed.sql"))));

it.each(fixed)("the fixes of %s mean the same", async (fixture) => {
  const text = withoutAnnotations(readFileSync(join(fixturesFolder, fixture), "utf8"));
  const now = readFileSync(join(fixturesFolder, fixture.replace(/\.sql$/, ".fixed.sql")), "utf8");
  const isPublic = /^-- tenantry: scope public$/m.test(text);
  // What the author has to choose, and what may stay without a schema, has to be found in the fixed text, too.
  const isLeft = (await lintFixture(fixture, now)).some(({ rule }) => rule.startsWith("unqualified-"));
  const needsPath = isLeft || fixture.endsWith(".search-path.sql");
  const path = isPublic ? "public" : "prototype, public";
  const before = await outcome(fixture, text, path);
  expect(before.results).toContain("done");
  expect(await outcome(fixture, now, needsPath ? path : "pg_catalog")).toEqual(before);
});

it("the names of PostgreSQL's own functions and types are known", async () => {
  await withDatabase(async ({ sql }) => {
    const functions = await sql<{ name: string }>(callableFunctions);
    expect(functions.map(({ name }) => name).filter((name) => !isBuiltInFunction(name))).toEqual([]);
    const types = await sql<{ name: string }>(ownTypes);
    expect(types.map(({ name }) => name).filter((name) => !isBuiltInType(name, "postgresql"))).toEqual([]);
  });
});

/** The migrations that stand before a fixture. A fixture for a search path is run on the usual ones. */
function historyOf(fixture: string): string[] {
  const name = projectOf(fixture) === "shop" ? "shop" : "postgresql";
  const folder = join(fixturesFolder, "projects", name, "migrations");
  const paths = globSync("*/*.sql", { cwd: folder }).sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  return paths.map((path) => readFileSync(join(folder, path), "utf8"));
}

/** What each statement comes to, and what the database is like after all of them. */
async function outcome(fixture: string, text: string, path: string): Promise<{ results: string[]; database: unknown }> {
  const database = await createDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query("create schema prototype");
    for (const migration of historyOf(fixture)) await client.query(migration);
    await client.query(`set search_path to ${path}`);
    const results: string[] = [];
    const { statements } = await analyse(text, "postgresql");
    for (const { start, end } of statements) {
      const done = client.query(text.slice(start, end)).then(
        () => "done",
        ({ code }: { code: string }) => code,
      );
      results.push(await done);
    }
    await client.query("rollback");
    await client.query("set search_path to ''");
    const { rows } = await client.query<{ what: string }>(everything);
    return { results, database: rows.map(({ what }) => what) };
  } finally {
    await client.end();
    await database.drop();
  }
}

/** All that a migration can make, each on a line. Of functions' bodies the schemas are left out, which a fix may have written into them. */
const everything = `
  with own as (select oid, nspname from pg_namespace where nspname in ('public', 'prototype') or nspname like 'tenant%')
  select format('%s.%s %s %s', nspname, relname, relkind, case when relkind in ('v', 'm') then pg_get_viewdef(c.oid) when relkind = 'i' then pg_get_indexdef(c.oid) end) as what
    from pg_class c join own on own.oid = relnamespace
  union all select format('%s.%s %s %s %s %s', c.oid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
    from pg_attribute a join pg_class c on c.oid = attrelid join own on own.oid = relnamespace left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and relkind in ('r', 'v', 'm', 'c', 'p')
  union all select format('%s %s %s %s', conrelid::regclass, contypid::regtype, conname, pg_get_constraintdef(c.oid)) from pg_constraint c join own on own.oid = connamespace
  union all select format('%s.%s %s %s', nspname, typname, typtype, (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
    from pg_type t join own on own.oid = typnamespace
  union all select format('%s %s %s %s', p.oid::regprocedure, prorettype::regtype, proacl, regexp_replace(prosrc, '\\m(prototype|public)\\.', '', 'g'))
    from pg_proc p join own on own.oid = pronamespace
  union all select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid join own on own.oid = relnamespace where not tgisinternal
  union all select format('%s.%s', nspname, collname) from pg_collation join own on own.oid = collnamespace
  union all select format('%s %s', classoid::regclass, description) from pg_description where classoid in ('pg_class'::regclass, 'pg_type'::regclass) and description in ('orders', 'of all tenants')
  union all select format('%s %s', seqrelid::regclass, pg_sequence_last_value(seqrelid)) from pg_sequence
  order by 1`;

/** What people may call: no parts of operators, types, indexes and aggregates. */
const callableFunctions = `
  select distinct proname as name from pg_proc p
  where pronamespace = 'pg_catalog'::regnamespace and proname !~ '^(RI_|_|binary_upgrade|gin|gist|spg|hash|brin|bt)'
    and prorettype not in ('internal'::regtype, 'cstring'::regtype)
    and not exists (select from unnest(proargtypes) as argument where argument in ('internal'::regtype, 'cstring'::regtype))
    and not exists (select from pg_operator where oprcode = p.oid)
    and not exists (select from pg_aggregate where p.oid in (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn))
    and not exists (select from pg_type where p.oid in (typinput, typoutput, typreceive, typsend, typmodin, typmodout))
    and not exists (select from pg_amproc where amproc = p.oid)
    and not exists (select from pg_cast where castfunc = p.oid and proname = any (select typname from pg_type))`;

const ownTypes = `
  select typname as name from pg_type
  where typnamespace = 'pg_catalog'::regnamespace and typname !~ '^_?pg_' and (typrelid = 0) and typname !~ '^_'`;
