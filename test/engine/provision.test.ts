import { describe, expect, it } from "vitest";
import { install } from "../../server/src/engine/installation";
import { catalogTruth } from "./catalogTruth";
import { onEach, onServer } from "./databases";
import type { Fleet, Kind } from "./fleet";
import { historySql, newestSql, prototypeSql, rareSql, rolesSql, sharedSql } from "./prototype";
import { compare, provision, provisionMany, schemas, withSmall } from "./provisioning";

const hostile = [
  'a"; drop schema public cascade; --',
  "o",
  "new",
  "select",
  "Ünïcode näme",
  "it's",
  "a.b",
  "back\\slash",
  "prototype2",
];

async function withPrototype(kind: Kind, use: (fleet: Fleet) => Promise<void>): Promise<void> {
  await onEach(kind, async (fleet) => {
    await fleet.sql(`${rolesSql}\n${sharedSql}`);
    await fleet.sql(prototypeSql);
    await install(fleet.database);
    await fleet.sql(historySql);
    await use(fleet);
  });
}

describe.each<Kind>(["PostgreSQL", "embedded"])("a tenant from a prototype with everything in it, on %s", (kind) => {
  it("has all of it under its own name, by what the server itself tells", async () => {
    await withPrototype(kind, async (fleet) => {
      expect(await provision(fleet, "zebra_corp")).toEqual([{ version: "10" }]);
      await fleet.database.session(async (session) => {
        const [wanted, found] = [await catalogTruth(session, "prototype"), await catalogTruth(session, "zebra_corp")];
        expect(wanted.length).toBeGreaterThan(900);
        const value = (line: string) =>
          line.replaceAll("<> '<schema>'", "<> 'prototype'").replaceAll(" in a comment", "");
        const plain = (lines: string[]) =>
          lines.map((line) =>
            value(line)
              .replaceAll("<schema>.orders\\n", "prototype.orders\\n")
              .replaceAll('"<schema>"', "<schema>")
              .replaceAll('\\"<schema>\\"', "<schema>"),
          );
        expect(difference(plain(wanted), plain(found))).toEqual([]);
        expect(await compare(session, "zebra_corp")).toMatchObject({ equal: [{ name: "zebra_corp" }], groups: [] });
      });
    });
  });

  it("stands on its own: its rows, numbers, functions and triggers are its own", async () => {
    await withPrototype(kind, async (fleet) => {
      await provision(fleet, "acme");
      const rows = await fleet.sql<Record<string, unknown>>(`
        insert into acme.customers (name, country) values ('Meier', 'CH');
        insert into acme.orders (customer, label) select id, 'first' from acme.customers;
        select o.number, o.label, o.id, c.id::text as customer, (select count(*)::int from prototype.orders) as elsewhere,
          (select orders::int from acme.big_customers) as seen, acme.label_of(o) as said
        from acme.orders o join acme.customers c on c.id = o.customer`);
      expect(rows).toEqual([
        { number: 20, label: "first", id: 1, customer: "100", elsewhere: 0, seen: 1, said: "20 Meier" },
      ]);
      await fleet.sql("drop schema prototype cascade");
      expect(await fleet.sql("select count(*)::int as n from acme.big_customers")).toEqual([{ n: 1 }]);
    });
  });

  it("has what is seldom, and needs the prototype no more", async () => {
    await onEach(kind, async (fleet) => {
      await fleet.sql(`${rolesSql}\n${rareSql}`);
      await install(fleet.database);
      await fleet.sql(historySql);
      const names = ["zebra_corp", 'a"; drop schema x'];
      await fleet.database.session(async (session) => {
        await session.query("select tenantry.provision_all($1::text[])", [names]);
        for (const name of names) expect(await compare(session, name)).toMatchObject({ equal: [{ name }], groups: [] });
      });
      await fleet.sql("drop schema prototype cascade");
      for (const name of names) {
        const schema = `"${name.replaceAll('"', '""')}"`;
        await fleet.sql(
          `insert into ${schema}.goods (name, price, note) values ('pear', (3, 'CHF'), 'sweet mail@shop.ch'), ('apple', (2, 'CHF'), 'green')`,
        );
        const rows = await fleet.sql(
          `select s.plain, s.least_of::text as least, g.shown, f.name is not null as found from ${schema}.sorted s
           join ${schema}.goods g on g.name::text = s.plain left join ${schema}.goods f on f.name = g.name and f.words @@ to_tsquery('pg_catalog.simple', 'mail@shop.ch')`,
        );
        expect(rows).toEqual([
          { plain: "apple", least: "apple", shown: "2 CHF", found: false },
          { plain: "pear", least: "apple", shown: "3 CHF", found: true },
        ]);
      }
    });
  });

  it("may have any name, and several are made at once", async () => {
    await withPrototype(kind, async (fleet) => {
      const results = await provisionMany(fleet, hostile);
      expect(results.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(hostile.map(() => "applied"));
      await fleet.database.session(async (session) => {
        for (const name of hostile)
          expect(await compare(session, name)).toMatchObject({ equal: [{ name }], groups: [] });
      });
    });
  });
});

describe("copying", () => {
  it("may point at shared tables whose migrations are numbered as the tenants' are", async () => {
    await withSmall(async (fleet) => {
      await fleet.sql(`create table public.plans (id int primary key); alter table prototype.orders add plan int references public.plans;
        insert into tenantry.history select database_id, 'public'::regnamespace, kind, key, 'public', name, 'other', run_id, applied_at, 0 from tenantry.history;`);
      await provision(fleet, "acme");
      expect(await schemas(fleet)).toEqual(["acme", "prototype", "public"]);
    });
  });

  it("copies a text as it stands where it says that it is meant", async () => {
    await withSmall(
      async (fleet) => {
        await provision(fleet, "acme");
        expect(await fleet.sql("select acme.f() as said")).toEqual([{ said: "see prototype" }]);
      },
      `create function prototype.f() returns text language plpgsql as $$ begin
        -- tenantry: ignore dynamic-sql: for people
        return 'see prototype'; end $$;`,
    );
  });

  it("tells the prototype's own objects from the server's of the same name, in schemas of any name", async () => {
    await onServer(async (fleet) => {
      await fleet.sql(`create schema "Proto ""Type"""; set search_path = "Proto ""Type""", pg_catalog;
        create domain text as pg_catalog.text default 'own'; create table pg_class (oid int primary key, note text, plain pg_catalog.text);
        create function lower(pg_catalog.text) returns pg_catalog.text language sql immutable return 'own';
        create table t (a pg_catalog.text default lower('X'), b pg_catalog.text default pg_catalog.lower('X'), c int generated always as (pg_catalog.length(lower('x'))) stored);
        create view pg_tables as select p.oid, c.relname, lower('x') as own, pg_catalog.lower('X') as theirs from pg_class p, pg_catalog.pg_class c where c.oid = 1259;
        create function f() returns pg_catalog.text language plpgsql as $$ declare n "Proto ""Type""".text; begin perform '"Proto ""Type""".t'::regclass; return n; end $$;`);
      await install(fleet.database);
      await fleet.sql(historySql.replaceAll("'prototype'::regnamespace", `'"Proto ""Type"""'::regnamespace`));
      for (const name of ["t", "Te'n\"ant\\"]) {
        await fleet.database.session((session) =>
          session.query("select tenantry.provision($1::text, $2::text)", [name, 'Proto "Type"']),
        );
        const quoted = `"${name.replaceAll('"', '""')}"`;
        await fleet.sql(`insert into ${quoted}.t default values; insert into ${quoted}.pg_class values (1)`);
        expect(
          await fleet.sql(`select t.a, t.b, t.c, v.relname, v.own, v.theirs, p.note, p.plain, ${quoted}.f() as f
          from ${quoted}.t, ${quoted}.pg_tables v, ${quoted}.pg_class p`),
        ).toEqual([
          { a: "own", b: "x", c: 3, relname: "pg_class", own: "own", theirs: "x", note: "own", plain: null, f: null },
        ]);
      }
    });
  });

  it("copies what the newest server has, and what needs each other in roundabout ways", async () => {
    await onServer(async (fleet) => {
      await fleet.sql(newestSql);
      await install(fleet.database);
      await fleet.sql(historySql);
      await provision(fleet, "zebra_corp");
      await fleet.database.session(async (session) => {
        const [wanted, found] = [await catalogTruth(session, "prototype"), await catalogTruth(session, "zebra_corp")];
        expect(wanted.length).toBeGreaterThan(150);
        expect(difference(wanted, found)).toEqual([]);
      });
    });
  });

  it("copies foreign tables", async () => {
    await withSmall(
      async (fleet) => {
        await provision(fleet, "acme");
        const [row] = await fleet.sql(`select f.ftoptions, a.attfdwoptions, a.attnotnull from pg_foreign_table f
        join pg_attribute a on a.attrelid = f.ftrelid and a.attname = 'line' where f.ftrelid = 'acme.lines'::regclass`);
        expect(row).toEqual({
          ftoptions: ["filename=/it's", "format=csv"],
          attfdwoptions: ["force_null=true"],
          attnotnull: true,
        });
      },
      `create extension file_fdw; create server files foreign data wrapper file_fdw;
      create foreign table prototype.lines (line text options (force_null 'true') not null) server files options (filename '/it''s', format 'csv');`,
    );
  });
});

function difference(wanted: readonly string[], found: readonly string[]): string[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !b.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !a.has(line)).map((line) => `+ ${line}`),
  ];
}
