import { describe, expect, it } from "vitest";
import { runLines, statusJson } from "./contract";
import { names, summaryOf, withFleet } from "./fleet";

const tenants = names.slice(0, 4);
const files = { "migrations/tenant/0003_note.sql": "ALTER TABLE prototype.orders ADD COLUMN note text;\n" };
const plans = "create table public.plans (id int primary key);";
const shape = (schema: string) => `create table ${schema}.orders (id bigint primary key, note text);`;

/** What an application made before there was any Tenantry. */
const grown = [plans, ...["prototype", ...tenants].map(shape)].join("\n");

const codesOf = ({ out }: { out: string }) =>
  (JSON.parse(out) as { refusals: { code: string; message: string }[] }).refusals.map(({ code }) => code);

describe("baseline", () => {
  it("adopts a fleet that has the shape of a version already", async () => {
    await withFleet(
      async ({ run, write, database }) => {
        await database.sql(grown);
        expect((await run("status")).out).toContain("4 tenants without history that aren't empty");
        const { code, out } = await run("baseline", "--to", "0003", "--reason", "grown before");
        expect(code).toBe(0);
        expect(out).toContain("shared   public, prototype, taken as they are");
        expect(out).toContain("tenants  4 with the prototype's shape: shop_01, shop_02, shop_03, shop_04");
        write("migrations/tenant/0004_more.sql", "CREATE TABLE prototype.more (id int);\n");
        const lines = runLines((await run("run", "--format", "json")).out);
        expect(summaryOf(lines).counts).toMatchObject({ applied: 5, failed: 0 });
        const decisions = await database.sql("select schema_name, key, reason from tenantry.decisions order by 1");
        expect(decisions).toEqual(
          ["prototype", "public", ...tenants].map((schema_name) => ({
            schema_name,
            key: "0003",
            reason: "grown before",
          })),
        );
      },
      { tenants, files },
    );
  });

  it("refuses tenants of another shape or with a foreign dependency by name, and adopts the others", async () => {
    await withFleet(
      async ({ run, database }) => {
        await database.sql(`${grown} alter table shop_02.orders drop column note;
          create sequence shop_04.numbers; alter table shop_03.orders alter column id set default nextval('shop_04.numbers');`);
        const refused = await run("baseline", "--to", "0003");
        expect(refused.code).toBe(1);
        expect(refused.err).toMatch(/Schema "shop_02" hasn't got the prototype's shape: .*note/);
        expect(refused.err).toMatch(/Schema "shop_03" depends on .*shop_04\.numbers/);
        expect(await database.sql("select 1 from tenantry.history")).toEqual([]);
        const some = await run("baseline", "--to", "0003", "--tenants", "shop_01", "--format", "json");
        expect([some.code, JSON.parse(some.out)]).toEqual([
          0,
          { to: "0003", adopted: ["public", "prototype", "shop_01"], left: [], refusals: [] },
        ]);
        const again = await run("baseline", "--to", "0003", "--tenants", "shop_01", "--format", "json");
        expect([again.code, codesOf(again)]).toEqual([1, ["has-history"]]);
      },
      { tenants, files },
    );
  });

  it("takes a schema in again that was dropped and restored", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run")).code).toBe(0);
        await database.sql(`drop schema shop_02 cascade; create schema shop_02; ${shape("shop_02")}`);
        const status = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
        expect(status.tenants[1]).toEqual({ tenant: "shop_02", version: null, pending: 2, state: "recreated" });
        const plan = await run("plan");
        expect([plan.code, plan.out]).toEqual([1, expect.stringContaining("tenantry baseline --to VERSION")]);
        expect((await run("baseline", "--to", "0002", "--tenants", "shop_02")).err).toContain("(prototype-ahead)");
        expect((await run("baseline", "--to", "0003", "--tenants", "shop_02")).code).toBe(0);
        const after = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
        expect(after.tenants.every(({ state }) => state === "current")).toBe(true);
      },
      { tenants, files },
    );
  });

  it("compares with a prototype at that version, and takes no shared schema on trust that lacks its tables", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect(codesOf(await run("baseline", "--to", "0003", "--format", "json"))).toEqual(["prototype-empty"]);
        await database.sql(["prototype", ...tenants].map(shape).join("\n"));
        const shared = await run("baseline", "--to", "0003", "--format", "json");
        expect([shared.code, codesOf(shared)]).toEqual([1, ["different-shape"]]);
        expect(shared.out).toContain('\\"plans\\"');
        await database.sql(`drop table prototype.orders; ${plans}`);
        const first = await run("baseline", "--to", "0003", "--tenants", "public");
        expect([first.code, first.out]).toEqual([0, expect.stringContaining("shared   public")]);
        expect((await run("run", "--tenants", "prototype", "--to", "0002")).code).toBe(0);
        expect(codesOf(await run("baseline", "--to", "0003", "--format", "json"))).toEqual(["prototype-behind"]);
        expect((await run("run", "--tenants", "prototype")).code).toBe(0);
        expect((await run("baseline", "--to", "0003")).code).toBe(0);
        const plan = await run("plan");
        expect(plan.out).toContain("Nothing to do");
      },
      { tenants, files },
    );
  });

  it("adopts a fleet without a prototype by the commands that each refusal names", async () => {
    const interleaved = {
      "migrations/tenant/0002_orders.sql": 'CREATE TABLE "the shape".orders (id bigint PRIMARY KEY);\n',
      "migrations/public/0003_title.sql": "ALTER TABLE public.plans ADD COLUMN title text;\n",
      "migrations/tenant/0004_note.sql": 'ALTER TABLE "the shape".orders ADD COLUMN note text;\n',
    };
    await withFleet(
      async ({ run, database }) => {
        await database.sql(
          [
            "drop schema prototype; create table public.plans (id int primary key, title text);",
            ...tenants.map(shape),
          ].join("\n"),
        );
        const refused = async (code: string) => {
          const { out } = await run("baseline", "--to", "0004", "--format", "json");
          expect(codesOf({ out })).toEqual([code]);
          return out;
        };
        const alone = await run("provision", "globex");
        expect([alone.code, alone.err]).toEqual([
          1,
          expect.stringContaining(
            `(create schema "the shape";) and run the migrations on it: tenantry run --tenants 'the shape'`,
          ),
        ]);
        expect(await refused("no-prototype")).toContain('create schema \\"the shape\\";');
        await database.sql('create schema "the shape";');
        const wayOut = await refused("prototype-empty");
        expect(wayOut).toContain("tenantry baseline --to 0004 --tenants public");
        expect((await run("baseline", "--to", "0004", "--tenants", "public")).code).toBe(0);
        expect(wayOut).toContain("tenantry run --tenants 'the shape' --to 0004");
        const made = await run("run", "--tenants", "the shape", "--to", "0004");
        expect([made.code, made.err]).toEqual([0, expect.anything()]);
        expect((await run("baseline", "--to", "0004")).code).toBe(0);
        expect((await run("plan")).out).toContain("Nothing to do");
        // Tenants that are made from now on are copies of it, as everywhere.
        await database.sql("create schema later; insert into public.tenants (name) values ('later')");
        const later = await run("plan", "--format", "json");
        expect(codesOf(later)).toEqual(["new-tenant-behind"]);
        expect(later.out).toContain("tenantry provision later");
      },
      { tenants, files: interleaved, configuration: { prototypeSchema: "the shape" } },
    );
  });

  it("is wrong use with a version or a tenant that isn't known, or with none", async () => {
    await withFleet(
      async ({ run }) => {
        expect((await run("baseline")).code).toBe(2);
        expect((await run("baseline", "--to", "0099")).code).toBe(2);
        expect((await run("baseline", "--to", "0003", "--tenants", "nobody")).code).toBe(2);
      },
      { tenants, files },
    );
  });
});
