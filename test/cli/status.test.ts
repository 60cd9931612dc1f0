import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { statusJson } from "./contract";
import { names, withFleet } from "./fleet";

const tenants = names.slice(0, 10);

it("status shows every tenant for what it is, with the way out", async () => {
  await withFleet(
    async ({ run, database, path, write }) => {
      expect((await run("run", "--to", "0002", "--tenants", "prototype,shop_0*")).code).toBe(0);
      await database.sql("insert into shop_07.orders values (1)");
      await run("run", "--tenants", "shop_05,shop_07");
      rmSync(join(path, "migrations/tenant/0003_note.sql"));
      write("migrations/tenant/0004_more.sql", "CREATE TABLE prototype.more (id int);\n");
      await database.sql(`
        alter schema shop_01 rename to shop_81; update public.tenants set name = 'shop_81' where name = 'shop_01';
        drop schema shop_02 cascade;
        drop schema shop_03 cascade; create schema shop_03;
        alter schema shop_04 rename to shop_84;
        create table shop_10.orders (id int);
        delete from public.tenants where name = 'shop_06';
        insert into public.tenants (name) values ('to_come');`);
      await run("skip", "shop_08", "--reason", "asked for");

      const { tenants: rows } = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      expect(
        Object.fromEntries(rows.map(({ tenant, version, pending, state }) => [tenant, [state, version, pending]])),
      ).toEqual({
        shop_81: ["renamed", "0002", 1],
        shop_03: ["recreated", null, 2],
        shop_05: ["unknown-version", "0003", 1],
        shop_07: ["failed", "0002", 1],
        shop_08: ["skipped", "0002", 1],
        shop_09: ["pending", "0002", 1],
        shop_10: ["pending", null, 2],
        shop_02: ["pending-creation", null, 2],
        shop_04: ["pending-creation", null, 2],
        to_come: ["pending-creation", null, 2],
      });
      const { code, out } = await run("status");
      expect(code).toBe(0);
      for (const line of [
        /10 tenants: 1 at 0002 \(1 pending\) · 1 with nothing applied \(2 pending\) · 3 without a schema · .*1 failed/,
        /shop_81 +0002 +renamed: was called "shop_01"/,
        /shop_03 +– +made again: not the schema that the history tells of/,
        /shop_05 +0003 +with versions that no file has: has 0003/,
        /shop_07 +0002 +failed: column "note".* contains null values/,
        /shop_08 +0002 +Left out by .*: asked for/,
        /shop_10 +– +2 pending: has no history, and isn't empty/,
        /shop_02 +– +without a schema: its schema was dropped/,
        /shop_04 +– +without a schema: its schema is called "shop_84" now/,
        /to_come +– +without a schema: its schema isn't made yet/,
        /`tenantry retry`/,
        /without a schema: `tenantry provision TENANT` makes it/,
        /tenantry baseline --to VERSION/,
        /2 schemas with a history that are listed as no tenant: shop_06, shop_84 \(was shop_04\)/,
      ]) {
        expect(out).toMatch(line);
      }
    },
    {
      tenants,
      files: { "migrations/tenant/0003_note.sql": "ALTER TABLE prototype.orders ADD COLUMN note text NOT NULL;\n" },
      configuration: { run: { maxFailures: "none" } },
    },
  );
});

it("status tells of the shared schema and the prototype what their versions don't say", async () => {
  await withFleet(
    async ({ run, database, path, write }) => {
      write("migrations/public/0003_more.sql", "CREATE TABLE public.more (id int);\n");
      await database.sql("create table public.more ()");
      expect((await run("run")).code).toBe(1);
      expect((await run("status")).out).toMatch(/public +0001 +\(1 pending\) +failed: relation "more" already exists/);

      renameSync(join(path, "migrations/tenant/0002_orders.sql"), join(path, "migrations/public/0002_orders.sql"));
      rmSync(join(path, "migrations/public/0001_plans.sql"));
      const { out } = await run("status");
      expect(out).toMatch(/public +0001 +\(2 pending\) +has 0001, which no file here has/);
      expect(out).toMatch(
        /prototype +0002 +has 0002, which migrations\/public\/0002_orders\.sql has here, for the public/,
      );
      expect(out).toMatch(/shop_01 .*has 0002, which migrations\/public\/0002_orders\.sql has here/);
      const { err } = await run("run");
      expect(err).toContain('Version 0001 is applied to schema "public", which no file here has. Get the missing file');
      expect(err).toContain("Put the file back where it was");
      expect(err).not.toContain("tenantry skip");

      await database.sql("drop schema prototype cascade; create schema prototype; create table prototype.orders ()");
      expect((await run("status")).out).toMatch(/prototype +nothing applied +made again: not the schema/);
    },
    { tenants: tenants.slice(0, 2) },
  );
});

it("takes no file for one that was moved where public and tenant migrations number on their own", async () => {
  await withFleet(
    async ({ run, path }) => {
      expect((await run("run")).code).toBe(0);
      rmSync(join(path, "migrations/public/0002_countries.sql"));
      const { out } = await run("status");
      expect(out).toMatch(/public +0002 +has 0002, which no public migration here has/);
      const { err } = await run("run");
      expect(err).toContain('Version 0002 is applied to schema "public", which no public migration here has. Get the');
      expect(err).not.toContain("0002_orders.sql");
    },
    {
      tenants: tenants.slice(0, 2),
      files: { "migrations/public/0002_countries.sql": "CREATE TABLE public.countries (id int PRIMARY KEY);\n" },
      configuration: { order: "public-first" },
    },
  );
});
