import { describe, expect, it } from "vitest";
import { provision, provisionMany, schemas, withSmall } from "./provisioning";

describe("provisioning", () => {
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

  it.each([
    ["delete from tenantry.history", "has no history in this database"],
    [
      "insert into tenantry.claims select database_id, schema_id, '11', 'abc', run_id, 1, true from tenantry.history limit 1",
      "in the middle of the migration 11, which is no transaction",
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
});
