import { describe, expect, it } from "vitest";
import type { Database, Session } from "../../server/src/db/database";
import { install } from "../../server/src/engine/installation";
import { type Provisioned, provisionTenants } from "../../server/src/engine/provision/provision";
import { compareWithPrototype } from "../../server/src/engine/shape/comparison";
import type { NamedSchema } from "../../server/src/engine/shape/shape";
import { catalogTruth } from "./catalogTruth";
import { onEach, onServer } from "./databases";
import { defaults, type Fleet, type Kind } from "./fleet";
import { historySql, newestSql, prototypeSql, rareSql, rolesSql, sharedSql } from "./prototype";

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

/** A prototype of one table. */
async function withSmall(use: (fleet: Fleet) => Promise<void>, more = ""): Promise<void> {
  await onServer(async (fleet) => {
    await fleet.sql(
      `create schema prototype; create table prototype.orders (id serial primary key, note text); ${more}`,
    );
    await install(fleet.database);
    await fleet.sql(historySql);
    await use(fleet);
  });
}

const provision = ({ database }: Fleet, name: string) =>
  database.session((session) => session.query("select tenantry.provision($1::text) as version", [name]));

async function provisionMany(
  { database }: Fleet,
  tenants: readonly string[],
  stop = new AbortController().signal,
): Promise<Provisioned[]> {
  const results: Provisioned[] = [];
  await provisionTenants(database, {
    tenants,
    prototype: "prototype",
    options: defaults,
    settle: (result) => results.push(result),
    stop,
  });
  return results;
}

const schemas = async ({ sql }: Fleet) =>
  (
    await sql<{ name: string }>(
      "select nspname::text as name from pg_namespace where nspname !~ '^(pg_|information_schema$|tenantry$)' order by 1",
    )
  ).map(({ name }) => name);

async function compare(session: Session, name: string) {
  const rows = await session.query<NamedSchema>("select nspname::text as name, oid::int as id from pg_namespace");
  const schemaOf = (wanted: string) => rows.find((row) => row.name === wanted) as NamedSchema;
  return compareWithPrototype(session, schemaOf("prototype"), [schemaOf(name)]);
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

describe("provisioning", () => {
  it("gives the tenant the prototype's history, and says who made it", async () => {
    await withSmall(async (fleet) => {
      await provision(fleet, "acme");
      const history =
        await fleet.sql(`select kind, key, schema_name, checksum, schema_id = 'acme'::regnamespace as own, milliseconds
        from tenantry.history where schema_name = 'acme' order by key`);
      expect(history).toEqual(
        [
          ["versioned", "10"],
          ["versioned", "9"],
          ["repeatable", "views"],
        ].map(([rowKind, key]) => ({
          kind: rowKind,
          key,
          schema_name: "acme",
          checksum: "abc",
          own: true,
          milliseconds: 0,
        })),
      );
      expect(
        await fleet.sql(`select d.kind, d.schema_name, d.user_name, d.id = h.run_id as of_history from tenantry.decisions d
          join tenantry.history h on h.schema_id = d.schema_id and h.key = '9'`),
      ).toEqual([{ kind: "provision", schema_name: "acme", user_name: "postgres", of_history: true }]);
    });
  });

  it("refuses names that can't be a tenant's, or are taken", async () => {
    await withSmall(async (fleet) => {
      const before = await schemas(fleet);
      for (const [name, message] of [
        ["", "can't be a tenant's name"],
        ["x".repeat(64), "1 to 63 bytes"],
        ["ü".repeat(32), "1 to 63 bytes"],
        ["public", "a schema with another purpose"],
        ["prototype", "a schema with another purpose"],
        ["tenantry", "a schema with another purpose"],
        ["pg_acme", "a schema with another purpose"],
        ["information_schema", "a schema with another purpose"],
        ["taken", 'The schema "taken" is there already, with sequence taken.s in it.'],
      ] as const) {
        await expect(provision(fleet, name)).rejects.toThrow(message);
      }
      expect(await schemas(fleet)).toEqual(before);
    }, "create schema taken; create sequence taken.s;");
  });

  it("takes a schema that was made before, and is empty", async () => {
    await withSmall(async (fleet) => {
      await provision(fleet, "acme");
      expect(await fleet.sql("select count(*)::int as n from acme.orders")).toEqual([{ n: 0 }]);
    }, "create schema acme;");
  });

  it.each([
    ["delete from tenantry.history", "has no history in this database"],
    [
      "insert into tenantry.claims select database_id, schema_id, '11', 'abc', run_id, 1, true from tenantry.history limit 1",
      "in the middle of a migration that is no transaction",
    ],
    ["drop schema prototype cascade", 'There is no schema "prototype" to copy.'],
    [
      "set allow_system_table_mods = on; insert into pg_seclabel values ('prototype.orders'::regclass, 'pg_class'::regclass, 0, 'selinux', 'secret')",
      "table prototype.orders has a security label, which Tenantry can't copy",
    ],
    [
      "create table prototype.heir (own int) inherits (prototype.orders); alter table prototype.orders add column late int",
      "table prototype.heir has the column late of a parent behind columns of its own",
    ],
    ["create extension pg_trgm schema prototype", "extension pg_trgm is of a kind that Tenantry can't copy"],
    [
      "create function prototype.f() returns text language plpgsql as $$ begin return 'see prototype'; end $$",
      `function prototype.f() has "see prototype" in its text`,
    ],
    [
      "create function prototype.f() returns text language plpgsql as $$ begin execute format('select 1 from prototype.%I', 'orders'); end $$",
      "where it can't be told whether the schema is meant",
    ],
    [
      "create schema other; create table other.orders (id int primary key); insert into tenantry.history select database_id, 'other'::regnamespace, kind, key, 'other', name, checksum, run_id, applied_at, 0 from tenantry.history; alter table prototype.orders add foreign key (id) references other.orders",
      "depends on column id of table other.orders",
    ],
    [
      "set allow_system_table_mods = on; update pg_constraint set coninhcount = 0, conislocal = false where conrelid = 'prototype.orders'::regclass and contype = 'p'",
      'The copy of "prototype" did not become equal to it: constraint orders_pkey of orders.',
    ],
  ])("refuses after: %s", async (sql, message) => {
    await withSmall(async (fleet) => {
      await fleet.sql(sql);
      const before = await schemas(fleet);
      await expect(provision(fleet, "acme")).rejects.toThrow(message);
      expect(await schemas(fleet)).toEqual(before);
      expect(await fleet.sql("select from tenantry.history where schema_name = 'acme'")).toEqual([]);
    });
  });

  it("leaves nothing behind where it fails in the middle, and takes no other tenant with it", async () => {
    await withSmall(async (fleet) => {
      await fleet.sql(`create function public.stop() returns event_trigger language plpgsql as $$ begin
          if exists (select from pg_event_trigger_ddl_commands() where schema_name = 'bad') then raise exception 'no more'; end if; end $$;
        create event trigger stop on ddl_command_end when tag in ('CREATE INDEX') execute function public.stop();`);
      const results = await provisionMany(fleet, ["one", "bad", "two"]);
      expect(results.find(({ tenant }) => tenant === "bad")).toMatchObject({
        outcome: "failed",
        error: { message: expect.stringContaining(`The tenant "bad" can't be made: no more`) },
      });
      expect(await schemas(fleet)).toEqual(["one", "prototype", "public", "two"]);
      expect(await fleet.sql("select distinct schema_name::text as name from tenantry.history order by 1")).toEqual([
        { name: "one" },
        { name: "prototype" },
        { name: "two" },
      ]);
    }, "create index on prototype.orders (note);");
  });

  it("makes a name once, whoever asks for it, and tells the others", async () => {
    await withSmall(async (fleet) => {
      const asked = await Promise.allSettled(Array.from({ length: 4 }, () => provision(fleet, "acme")));
      expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const one of asked)
        if (one.status === "rejected")
          expect(String(one.reason)).toMatch(/Another session is making the tenant "acme"|is there already/);
      expect(await fleet.sql("select count(*)::int as n from tenantry.history where schema_name = 'acme'")).toEqual([
        { n: 3 },
      ]);
    });
  });

  it("waits for no migration of the prototype, and tries again when it is over", async () => {
    await withSmall(async (fleet) => {
      await fleet.database.session(async (session) => {
        await session.script(
          "begin; select pg_advisory_xact_lock((x'746e6e74'::bigint << 32) | 'prototype'::regnamespace::oid::bigint);",
        );
        await expect(provision(fleet, "acme")).rejects.toThrow('The schema "prototype" is being migrated right now.');
        const made = provisionMany(fleet, ["acme"]);
        await session.script("select pg_sleep(0.2); commit;");
        expect(await made).toEqual([{ tenant: "acme", outcome: "applied", version: "10" }]);
      });
    });
  });

  it("reads the prototype again where somebody changes it after it was read", async () => {
    await withSmall(async (fleet) => {
      const [row] = await fleet.sql<{ blueprint: string }>("select tenantry.read_prototype('prototype') as blueprint");
      await fleet.sql("alter table prototype.orders add column placed date");
      const stale = fleet.database.session((session) =>
        session.query("select tenantry.provision_by($1::text, array['acme'], 'prototype')", [row?.blueprint]),
      );
      await expect(stale).rejects.toThrow("did not become equal to it: column placed of orders, table orders");

      const database: Database = {
        ...fleet.database,
        session: (use) =>
          fleet.database.session((session) =>
            use({
              ...session,
              async script<Row extends object>(text: string) {
                const rows = await session.script<Row>(text);
                if (text.includes("read_prototype"))
                  await session.script("alter table prototype.orders add column if not exists weight numeric");
                return rows;
              },
            }),
          ),
      };
      const results = await provisionMany({ ...fleet, database }, ["a1", "a2"]);
      expect(results.map(({ outcome }) => outcome)).toEqual(["applied", "applied"]);
      await fleet.database.session(async (session) => {
        expect(await compare(session, "a2")).toMatchObject({ equal: [{ name: "a2" }], groups: [] });
      });
    });
  });

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

  it("goes with the caller's transaction", async () => {
    await withSmall(async (fleet) => {
      await fleet.database.session(async (session) => {
        await session.script("begin; select tenantry.provision('acme'); rollback;");
      });
      expect(await schemas(fleet)).toEqual(["prototype", "public"]);
      expect(await fleet.sql("select current_setting('search_path') as path")).toEqual([{ path: '"$user", public' }]);
    });
  });

  it("begins no more tenants when it is told to stop", async () => {
    await withSmall(async (fleet) => {
      const stop = new AbortController();
      stop.abort();
      const results = await provisionMany(fleet, ["a1", "a2"], stop.signal);
      expect(results.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled"]);
    });
  });

  it("works for an application's role by a function of the owner's", async () => {
    await withSmall(async (fleet) => {
      const role = `app_${(await fleet.sql<{ name: string }>("select current_database()::text as name"))[0]?.name}`;
      await fleet.sql(`create role ${role}; grant usage on schema public to ${role};
        create function public.sign_up(tenant text) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp
          as $$ begin return tenantry.provision(tenant); end $$;`);
      await fleet.database.session(async (session) => {
        await session.script(`set role ${role}`);
        await expect(session.query("select tenantry.provision('acme')")).rejects.toThrow(
          "permission denied for schema tenantry",
        );
        expect(await session.query("select public.sign_up('acme') as version")).toEqual([{ version: "10" }]);
        await session.script("reset role");
      });
      await fleet.sql(`drop owned by ${role}; drop role ${role}`);
    });
  });
});

function difference(wanted: readonly string[], found: readonly string[]): string[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !b.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !a.has(line)).map((line) => `+ ${line}`),
  ];
}
