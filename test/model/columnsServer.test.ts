import { describe, expect, it } from "vitest";
import type { NamedColumn } from "../../server/src/model/catalog";
import { withDatabase } from "../support/database";
import { foldedAs } from "./folded";

describe("a history leaves the columns that the server has", () => {
  it.each<[string, string[]]>([
    [
      "of a copy, at its place among the others",
      [
        "create table a (id bigint primary key, code text not null default 'x', note varchar(10))",
        "create table b (first int, like a including all, last int); create table c (like a)",
        "alter table a add late int; alter table a drop note",
      ],
    ],
    [
      "of a copy of a view",
      [
        "create table a (id int, note text)",
        "create view v as select id, note as said from a; create table b (like v)",
      ],
    ],
    [
      "of a partition, as its parent gets and loses them",
      [
        "create table a (id int not null, at date, gone text) partition by range (id)",
        "create table a1 partition of a (at not null) for values from (0) to (10)",
        "create table a2 partition of a for values from (10) to (20) partition by range (id)",
        "create table a21 partition of a2 default",
        "alter table a add late int; alter table a drop gone; alter table a rename at to day; alter table a alter late type bigint",
        "alter table a alter late set not null; alter table a detach partition a1; alter table a add later int; alter table a21 rename to leaf",
        "alter table a add latest int",
      ],
    ],
    [
      "of a partition that comes later",
      [
        "create table a (id int not null, note text) partition by list (id)",
        "create table b (note text, id int not null); alter table a attach partition b default",
        "alter table a drop note; alter table a rename id to key",
      ],
    ],
    [
      "of heirs, which keep what is their own or another parent's, too",
      [
        "create table a (id int not null, twice text, mine text, gone text); create table b (other int, twice text)",
        "create table c (mine text, late int not null, own int) inherits (a, b); create table d () inherits (c)",
        "alter table a add late int; alter table a drop gone; alter table a drop mine; alter table a drop twice",
        "alter table a rename id to key; alter table a alter key drop not null; alter table b alter twice set not null",
        "create table e (other int, twice text not null, own int); alter table e inherit b; alter table b drop other; alter table b drop twice",
      ],
    ],
    [
      "where a parent was dropped, and its partitions with it",
      [
        "create table a (id int) partition by range (id); create table a1 partition of a for values from (0) to (9) partition by range (id)",
        "create table a11 partition of a1 default; create table a2 partition of a for values from (9) to (12); create table kept (id int)",
        "create table p (id int); create table c () inherits (p); alter table a detach partition a2",
        "drop table a; drop table p cascade; create table a1 (late int)",
        "do $$ begin drop table kept; create table kept (id int); end $$",
      ],
    ],
    [
      "of a table that a query makes",
      [
        "create table a (id bigint not null, note varchar(10), at date); create view v as select id, note as said from a",
        "create table b as select * from a; create table c (x, y) as select id, note from a with no data; create table d as table a",
        "create table e with (fillfactor = 70) as select a.*, v.said from a join v using (id); create table f as (select * from v)",
        "select id, note as label into g from a; with w as (select at from a) select w.*, lower(note) into h from w, a",
        "create table i as with w as (select id as key from a) select key, 1 as one, note::text, count(*) from w, a group by 1, 3 with data",
        "alter table b add late int; alter table b drop note; alter table a add late int",
      ],
    ],
    [
      "where a schema was dropped and made again",
      [
        "create schema s; create table s.a (old int)",
        "drop schema s cascade; create schema s; create table s.a (id int)",
      ],
    ],
  ])("%s", async (_, texts) => {
    await withDatabase(async ({ sql }) => {
      for (const text of texts) await sql(text);
      const catalog = await foldedAs("public", texts);
      const tables = catalog.tables().map(({ schema, name }) => `${schema}.${name}`);
      const there = await sql<Table>(onServer);
      const told = there.map(({ schema, table }) => ({
        schema,
        table,
        columns: catalog.columns(schema, table).map(asOnServer),
      }));
      const expected = there.map((one, index) => {
        const isUntold = (column: number) => told[index]?.columns[column]?.[1] === null;
        const columns = one.columns.map(([name, type, notNull], n) => [name, isUntold(n) ? null : type, notNull]);
        return { ...one, columns };
      });
      expect(told).toEqual(expected);
      expect(tables.sort()).toEqual(there.map(({ schema, table }) => `${schema}.${table}`));
    });
  });
});

interface Table {
  readonly schema: string;
  readonly table: string;
  /** Name, type and whether it is NOT NULL. */
  readonly columns: readonly [string, string, boolean][];
}

const onServer = `
  select relnamespace::regnamespace::text as schema, relname as table,
    coalesce(jsonb_agg(jsonb_build_array(attname, format_type(atttypid, atttypmod), attnotnull) order by attnum) filter (where attnum > 0), '[]') as columns
  from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
  where relkind in ('r', 'p', 'v') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
  group by 1, 2 order by 1, 2`;

function asOnServer({ name, type, notNull }: NamedColumn): [string, string | null, boolean] {
  if (type === null) return [name, null, notNull];
  const length = type.arguments.length > 0 ? `(${type.arguments.join()})` : "";
  return [name, type.name.replace("varchar", "character varying") + length, notNull];
}
