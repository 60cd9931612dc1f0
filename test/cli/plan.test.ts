import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planJson } from "./contract";
import { names, withFleet } from "./fleet";

const tenants = names.slice(0, 4);
const key = "ALTER TABLE prototype.orders ADD COLUMN plan int CONSTRAINT plan_key REFERENCES public.plans (id);\n";
const files = {
  "migrations/tenant/0003_plan.sql": key,
  "migrations/tenant/0004_state.sql":
    "CREATE TYPE prototype.state AS ENUM ('old');\nALTER TYPE prototype.state ADD VALUE 'fresh';\n",
  "migrations/tenant/0005_states.sql": "CREATE TABLE prototype.states (s prototype.state DEFAULT 'fresh');\n",
};

describe("the plan's page", () => {
  it("says whom, what, in which order, under which locks, where it is cut and how long the last took", async () => {
    await withFleet(
      async ({ run }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        expect((await run("run", "--tenants", "shop_02", "--to", "0003")).code).toBe(0);
        const { code, out } = await run("plan");
        expect(code).toBe(0);
        expect(out).toContain("Stage 1  in 5 schemas, each transaction of which is wholly done or untouched");
        expect(out).toContain("order   prototype, then shop_01 alone, then shop_02, shop_03, shop_04");
        expect(out).toContain("of it   only 0004, 0005 in shop_02");
        expect(out).toContain("cut     2 transactions a schema: 0003, 0004 | 0005");
        expect(out).toContain("locks   plans (SHARE ROW EXCLUSIVE: who writes it waits");
        expect(out).toMatch(/room {4}about \d+ locks a transaction, of [\d,]+ that the server has room for/);
        expect(out).toMatch(/time {4}0002, the last that was run, took .* a schema, .* \(5 schemas, \d{4}-\d\d-\d\d\)/);
        const json = planJson.parse(JSON.parse((await run("plan", "--format", "json")).out));
        expect(json.stages).toEqual([
          {
            scope: "tenant",
            versions: ["0003", "0004", "0005"],
            tenants: ["prototype", ...tenants],
            locks: [{ table: "plans", mode: "SHARE ROW EXCLUSIVE" }],
          },
        ]);
        expect((await run("plan", "--to", "0003", "--tenants", "shop_01")).out).toMatch(
          /time {4}the same took .*\(1 schema,/,
        );
      },
      { tenants, files },
    );
  });

  it("names each stage's own files where public and tenant files number on their own", async () => {
    await withFleet(
      async ({ run }) => {
        const { out } = await run("plan");
        expect(out).toMatch(/Stage 1 {2}once, in public\n +run +migrations\/public\/0001_plans\.sql/);
        expect(out).toMatch(/Stage 2 {2}in 5 schemas.*\n +run +migrations\/tenant\/0001_own\.sql/);
      },
      {
        tenants,
        files: { "migrations/tenant/0001_own.sql": "CREATE TABLE prototype.own (id int);\n" },
        configuration: { order: "public-first" },
      },
    );
  });

  it("promises nothing whole where files run statement by statement", async () => {
    await withFleet(
      async ({ run, write }) => {
        expect((await run("run")).code).toBe(0);
        write(
          "migrations/tenant/0003_index.sql",
          "-- tenantry: no-transaction\nCREATE INDEX CONCURRENTLY orders_idx ON prototype.orders (id);\n",
        );
        const { out } = await run("plan");
        expect(out).toContain("Stage 1  in 5 schemas\n");
        expect(out).toContain(
          "single  migrations/tenant/0003_index.sql statement by statement, outside of transactions",
        );
        expect(out).not.toContain("wholly done or untouched");
        write("migrations/tenant/0004_more.sql", "ALTER TABLE prototype.orders ADD COLUMN more int;\n");
        expect((await run("plan")).out).toContain(
          "in 5 schemas, each transaction of which is wholly done or untouched\n",
        );
      },
      { tenants },
    );
  });
});

describe("a plan is refused", () => {
  const refusalsOf = (out: string) =>
    planJson.parse(JSON.parse(out)).refusals.map(({ code, file, message }) => [code, file, message] as const);

  it("for a version below an applied one, unless that is allowed", async () => {
    await withFleet(
      async ({ run, write }) => {
        expect((await run("run")).code).toBe(0);
        write("migrations/tenant/0001.5_late.sql", "CREATE TABLE prototype.late (id int);\n");
        const { code, out } = await run("plan", "--format", "json");
        expect([code, refusalsOf(out)]).toEqual([
          1,
          [
            [
              "out-of-order",
              "migrations/tenant/0001.5_late.sql",
              expect.stringContaining("Give it a version above them"),
            ],
          ],
        ]);
      },
      { tenants },
    );
  });

  it("on standard error where it was to be run", async () => {
    await withFleet(
      async ({ run }) => {
        const { code, out, err } = await run("run", "--tenants", "shop_1");
        expect([code, out]).toEqual([2, ""]);
        expect(err).toContain('No tenant is called "shop_1".');
      },
      { tenants },
    );
  });

  it("for tenants that are ahead of the files", async () => {
    await withFleet(
      async ({ run, path }) => {
        expect((await run("run")).code).toBe(0);
        rmSync(join(path, "migrations/tenant/0003_plan.sql"));
        const { code, out } = await run("plan", "--format", "json");
        expect([code, refusalsOf(out)]).toEqual([
          1,
          [
            [
              "unknown-version",
              undefined,
              expect.stringMatching(/Version 0003 is applied to 5 schemas.*Get the missing file/),
            ],
          ],
        ]);
        // A tenant that is left out is in nobody's way; the prototype can't be.
        expect(out).not.toContain("tenantry skip");
        const one = await run("run", "--tenants", "shop_01");
        expect([one.code, one.err]).toEqual([1, expect.stringContaining("tenantry skip TENANT")]);
      },
      { tenants, files: { "migrations/tenant/0003_plan.sql": key } },
    );
  });

  it("for tenants that came after shared tables had moved on: they are provisioned", async () => {
    await withFleet(
      async ({ run, database, write }) => {
        write("migrations/public/0009_more.sql", "CREATE TABLE public.more (id int);\n");
        expect((await run("run")).code).toBe(0);
        await database.sql("create schema latecomer; insert into public.tenants (name) values ('latecomer')");
        const { code, out } = await run("plan", "--format", "json");
        expect([code, refusalsOf(out)]).toEqual([
          1,
          [
            [
              "new-tenant-behind",
              "migrations/public/0009_more.sql",
              expect.stringMatching(/tenantry provision latecomer.*tenantry skip latecomer/),
            ],
          ],
        ]);
        expect((await run("skip", "latecomer", "--reason", "not yet")).code).toBe(0);
        expect((await run("plan")).code).toBe(0);
      },
      { tenants },
    );
  });

  it("in a copy by template, whose schemas keep their own histories, whatever they are called", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run")).code).toBe(0);
        await run("skip", "shop_03", "--reason", "asked for");
        await database.sql(`drop schema shop_01 cascade; create schema shop_01;
          alter schema shop_02 rename to moved; create schema shop_02; alter schema shop_03 rename to shop_93;
          insert into public.tenants (name) values ('moved'), ('shop_93'); delete from public.tenants where name = 'shop_03'`);
        const copy = `${database.name}_copy`;
        await database.sql(`create database ${copy} template ${database.name}`);
        try {
          const there = (...words: string[]) =>
            run(...words, "--connection", database.url.replace(database.name, copy));
          const states = async () =>
            JSON.parse((await there("status", "--format", "json")).out).tenants.map(
              ({ tenant, state, version }: Record<string, string | null>) => [tenant, state, version],
            );
          const expected = [
            ["shop_01", "recreated", null],
            ["shop_02", "pending", null],
            ["shop_04", "current", "0002"],
            ["moved", "renamed", "0002"],
            ["shop_93", "skipped", "0002"],
          ];
          expect(await states()).toEqual(expected);
          expect((await there("run", "--take-over")).out).toContain("1 applied");
          expect(await states()).toEqual(expected.with(1, ["shop_02", "current", "0002"]));
        } finally {
          await database.sql(`drop database ${copy} with (force)`);
        }
      },
      { tenants },
    );
  });

  it("in a copied database, until the copy's history is taken over, once", async () => {
    await withFleet(
      async ({ run, write, database }) => {
        expect((await run("run")).code).toBe(0);
        await run("skip", "shop_04", "--reason", "not in copies");
        const copy = `${database.name}_copy`;
        await database.sql(`create database ${copy} template ${database.name}`);
        try {
          const there = (...words: string[]) =>
            run(...words, "--connection", database.url.replace(database.name, copy));
          const status = await there("status");
          expect(status.out).toContain("`tenantry run --take-over` makes it this one's own");
          expect(status.out).toContain("3 at 0002 · 1 left out");
          const refused = await there("plan", "--format", "json");
          expect([refused.code, refusalsOf(refused.out)]).toEqual([
            1,
            [["copied-database", undefined, expect.stringContaining("tenantry run --take-over")]],
          ]);
          // Even where nothing is to be run.
          expect((await there("run", "--take-over")).code).toBe(0);
          expect((await there("plan")).code).toBe(0);
          expect((await there("status")).out).not.toContain("--take-over");
          write("migrations/tenant/0003_more.sql", "CREATE TABLE prototype.more (id int);\n");
          expect((await there("run")).out).toMatch(/4 applied · 1 left out/);
          // The first database knows nothing of it.
          expect((await run("plan")).out).toContain("0003_more.sql");
        } finally {
          await database.sql(`drop database ${copy} with (force)`);
        }
      },
      { tenants },
    );
  });

  it("refuses a file that names a tenant of which only the database knows that it is one", async () => {
    await withFleet(
      async ({ run }) => {
        const { code, out } = await run("plan", "--format", "json");
        expect(code).toBe(1);
        expect(planJson.parse(JSON.parse(out)).refusals).toMatchObject([
          { code: "hard-coded-tenant", file: "migrations/tenant/0003_one.sql" },
        ]);
      },
      { tenants, files: { "migrations/tenant/0003_one.sql": "UPDATE shop_02.orders SET id = 1 WHERE id = 2;\n" } },
    );
  });
});
