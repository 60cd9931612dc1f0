import fc from "fast-check";
import { expect, test } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { tokensOf } from "../../server/src/sql/lexer";
import { fillTemplate, prepareRender, proveRender } from "../../server/src/sql/render";
import { scanStatement } from "../../server/src/sql/scan";
import { template } from "./renderSupport";

const migration = `create table prototype.orders (id int, state prototype.state default 'x'::prototype.state, c int references prototype.customers);
create function prototype.f() returns trigger language plpgsql as $$
begin -- it's prototype's
  insert into prototype.log select '{"a": 1}', new.id from prototype.orders prototype where prototype.id = new.id;
  execute 'delete from prototype.a where b = ''x''';
  if exists (select 1 from information_schema.tables where table_schema = 'prototype') then null; end if;
  return new;
end $$;
do 'begin execute ''update prototype.a set b = ''''c''''''; end';
select E'\\'', '"prototype".orders'::regclass, set_config('search_path', 'prototype, public', true) from prototype.orders;`;

const batch = `create table [prototype].[orders] (id int, c int foreign key references prototype.customers (id));
if object_id(N'[prototype].[t]') is null exec ('create view prototype.v as select ''a'' as b from prototype.t');
if not exists (select 1 from sys.schemas where name = N'prototype') exec sp_executesql N'create schema prototype';`;

/** Any name that a schema can have, most of them with what could break out of its quotes. */
const names = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', "'", "\\", "$", "$$", "]", "[", ";", "--", "/*", "\n", "prototype", ".", "é", "😀", " "),
      fc.string(),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""))
  .filter((name) => name !== "");

test.each<[Dialect, string]>([
  ["postgresql", migration],
  ["sqlserver", batch],
])("rendering for any name changes schema names and nothing else: %s", async (dialect, text) => {
  const ready = await template(text, dialect);
  const { statements } = await analyse(text, dialect);
  const options = { prototypeSchema: "prototype", dialect };
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const { sql } = fillTemplate(ready, name);
      const again = await analyse(sql, dialect);
      expect(again.statements).toHaveLength(statements.length);
      const mentioned = (from: typeof statements) => from.map(({ facts }) => facts.schemas.map(({ schema }) => schema));
      expect(mentioned(again.statements)).toEqual(
        mentioned(statements).map((schemas) => schemas.map((schema) => (schema === "prototype" ? name : schema))),
      );
      if (!name.includes("prototype")) expect(await proveRender(ready, statements, options, name)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("offsets lead back into the text, in order", async () => {
  const ready = await template(migration);
  fc.assert(
    fc.property(names, (name) => {
      const rendering = fillTemplate(ready, name);
      let before = 0;
      for (let offset = 0; offset <= rendering.sql.length; offset++) {
        const original = rendering.toOriginal(offset);
        expect(original).toBeGreaterThanOrEqual(before);
        expect(original).toBeLessThanOrEqual(migration.length);
        before = original;
      }
    }),
    { numRuns: 10 },
  );
});

const fragments = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."select from where insert into update set delete create table alter drop ( ) , ; . ' \" $$ [ ] with as begin end execute format references prototype.a \n".split(
        " ",
      ),
    ),
    fc.string(),
  ),
  { maxLength: 40 },
);

test.each<[Dialect]>([["postgresql"], ["sqlserver"]])(
  "the scan never throws and stays inside the text: %s",
  (dialect) => {
    fc.assert(
      fc.property(fragments, (parts) => {
        const text = parts.join(" ");
        const facts = scanStatement(text, tokensOf(text, dialect), dialect);
        const spans = [
          facts.keyword,
          ...facts.tables,
          ...facts.objects,
          ...facts.schemas,
          ...facts.opaque,
          ...facts.foreignKeys.map(({ to }) => to),
        ];
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 400 },
    );
  },
);

test("an unfinished text is refused or rendered, never broken", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(migration.length), async (length) => {
      const text = migration.slice(0, length);
      const { statements } = await analyse(text, "postgresql");
      const { template: ready, refusals } = await prepareRender(text, statements, {
        prototypeSchema: "prototype",
        dialect: "postgresql",
      });
      expect(ready === null).toBe(refusals.length > 0);
    }),
    { numRuns: 60 },
  );
});
