import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { readState } from "../../server/src/engine/state";
import { onEach, onServer } from "./databases";
import { type Kind, makeSchemas, plan, run, settings, status } from "./fleet";

const kinds: Kind[] = ["PostgreSQL", "embedded"];
const files = { "tenant/V1__orders.sql": "create table prototype.orders (id int);" };

describe.each(kinds)("tenants on %s", (kind) => {
  it("may have any name that the database takes", async () => {
    await onEach(kind, async (fleet) => {
      const names = [
        'a"b; drop schema public',
        "it's",
        "back\\slash",
        "$$",
        "ünï cödé 🐘",
        "a.b",
        "UPPER",
        "select",
        "%s",
        "a,b",
      ];
      await fleet.sql(names.map((name) => `create schema "${name.replaceAll('"', '""')}";`).join("\n"));
      const wish = { files, tenants: { list: names } };
      const { summary } = await run(fleet, wish);
      expect(summary.failures).toEqual([]);
      expect(summary.counts).toMatchObject({ applied: names.length });
      const found = await fleet.sql<{ name: string }>(
        "select n.nspname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname = 'orders'",
      );
      expect(new Set(found.map(({ name }) => name))).toEqual(new Set(names));
      expect((await status(fleet, wish)).tenants.map(({ tenant, state }) => [tenant, state])).toEqual(
        names.map((name) => [name, "current"]),
      );
    });
  });

  it("that are listed twice, are no schema of a tenant or have no name stop the plan by name", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      await fleet.sql('create schema "$user"');
      const tenants = {
        query:
          "values ('t01'), ('t02'), ('t01'), (null), ('public'), ('prototype'), ('tenantry'), ('pg_catalog'), ('$user'), ('gone');",
      };
      const refused = await plan(fleet, { files, tenants });
      expect(refused.report.refusals).toHaveLength(1);
      expect(refused.report.refusals[0]).toMatchObject({ code: "invalid-tenants" });
      expect(refused.report.refusals[0]?.message).toContain(
        '"t01" (more than once), NULL, "public" (the public schema)',
      );
      const left = await plan(fleet, { files, tenants, selection: { skipInvalidTenants: true } });
      expect(left.report).toMatchObject({ stages: [{ tenants: ["prototype", "t01", "t02"] }], refusals: [] });
      expect((await status(fleet, { files, tenants })).tenants.at(-1)).toEqual({
        tenant: "gone",
        version: null,
        pending: 1,
        state: "pending-creation",
      });
    });
  });

  it("come in the order of the query, and from a pattern never with what is no tenant", async () => {
    await onEach(kind, async (fleet) => {
      await fleet.sql(
        'create schema prototype; create schema "t_b"; create schema "t_a"; create schema "txc"; create schema "T_d"; create schema tenantry2; create schema "$user";',
      );
      const names = async (tenants: Parameters<typeof readState>[2]) =>
        (await readState(fleet.database, settings, tenants)).tenants.map(({ name }) => name);
      expect(await names({ query: "select * from (values ('t_b', 1), ('t_a', 2)) as x -- a comment" })).toEqual([
        "t_b",
        "t_a",
      ]);
      expect(
        await names({ query: `select nspname::text collate "POSIX" from pg_namespace where nspname = 't_b'` }),
      ).toEqual(["t_b"]);
      expect(await names({ pattern: "t_*" })).toEqual(["t_a", "t_b"]);
      expect(await names({ pattern: "*" })).toEqual(["T_d", "t_a", "t_b", "tenantry2", "txc"]);
      expect(await names({ pattern: "t?c" })).toEqual(["txc"]);
      expect(await names({ list: ["txc", "t_a"] })).toEqual(["txc", "t_a"]);
      expect(await names(null)).toEqual([]);
    });
  });

  it("that can't be listed are an error that says why", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 1);
      const read = (query: string) => readState(fleet.database, settings, { query });
      await expect(read("select name from public.tenants")).rejects.toThrow('relation "public.tenants" does not exist');
      await expect(read("selec name")).rejects.toThrow(/tenants query fails: syntax error/);
      await expect(read("select 1")).rejects.toThrow("type integer");
      await run(fleet, { files });
      await expect(read("select name from public.tenants")).rejects.toThrow('relation "public.tenants" does not exist');
    });
  });

  it("are picked by name or glob, and an unknown one is refused", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 12);
      await fleet.sql('create schema "t*"');
      const pick = async (...tenants: string[]) => (await plan(fleet, { files, selection: { tenants } })).report;
      expect((await pick("t0?", "t11")).stages[0]?.tenants).toEqual([
        "t01",
        "t02",
        "t03",
        "t04",
        "t05",
        "t06",
        "t07",
        "t08",
        "t09",
        "t11",
      ]);
      expect((await pick("t*")).stages[0]?.tenants).toEqual(["t*"]);
      expect((await pick("prototype")).stages[0]?.tenants).toEqual(["prototype"]);
      expect((await pick("t01", "t99", "x*")).refusals).toMatchObject([
        { code: "unknown-tenant", message: expect.stringContaining('"t99", "x*"') },
      ]);
      await fleet.sql("drop schema prototype cascade");
      expect((await pick("t01", "prototype")).refusals).toMatchObject([
        { code: "unknown-tenant", message: expect.stringContaining("The database has no prototype") },
      ]);
    });
  });
});

it("are listed whatever the settings of the database's sessions are", async () => {
  await onServer(async (fleet) => {
    const names = await makeSchemas(fleet, 2);
    await fleet.sql(`alter database ${fleet.url?.split("/").at(-1)} set quote_all_identifiers = on`);
    const database = await openDatabase({ url: fleet.url ?? "", command: "test" });
    try {
      for (const type of ["text", "name"]) {
        const query = `select nspname::${type} from pg_namespace where nspname like 't0%' order by 1`;
        const { tenants } = await readState(database, settings, { query });
        expect(tenants.map(({ name }) => name)).toEqual(names);
      }
    } finally {
      await database.close();
    }
  });
});
