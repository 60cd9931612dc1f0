import { describe, expect, it } from "vitest";
import { checkDigest } from "../../server/src/engine/plan";
import { runPlan } from "../../server/src/engine/run";
import { readState } from "../../server/src/engine/state";
import { onServer } from "./databases";
import { cutsOf, type Fleet, makeSchemas, migrationsOf, plan, run, settings, status, type Wish } from "./fleet";

const files = {
  "tenant/V1__a.sql": "create table prototype.a (id int primary key);",
  "public/V2__b.sql": "create table public.b (id int primary key);",
  "tenant/V3__c.sql": "create table prototype.c (b int references public.b);",
};

async function refusals(fleet: Fleet, wish: Partial<Wish>) {
  return (await plan(fleet, { files, ...wish })).report.refusals;
}

describe("a plan", () => {
  it("makes a stage of each public migration and of consecutive tenant migrations, and names the shared tables it locks", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      const { report } = await plan(fleet, {
        files: {
          ...files,
          "tenant/V4__d.sql": "alter table prototype.c drop column b;",
          "tenant/V5__e.sql": "create index on prototype.c ((1));",
        },
      });
      expect(report.refusals).toEqual([]);
      expect(report.stages).toEqual([
        { scope: "tenant", versions: ["1"], tenants: ["prototype", "t01", "t02"], locks: [] },
        { scope: "public", versions: ["2"], tenants: ["public"], locks: [] },
        {
          scope: "tenant",
          versions: ["3", "4", "5"],
          tenants: ["prototype", "t01", "t02"],
          locks: [{ table: "b", mode: "ACCESS EXCLUSIVE" }],
        },
      ]);
    });
  });

  it("reads nothing but the database, and makes nothing", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await plan(fleet, { files });
      await status(fleet, { files });
      expect(await fleet.sql("select to_regnamespace('tenantry') as made")).toEqual([{ made: null }]);
    });
  });

  it("has one digest for one thing to do, and another for another", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      const first = await plan(fleet, { files });
      expect((await plan(fleet, { files, options: { concurrency: 2, retries: 1 } })).report.digest).toBe(
        first.report.digest,
      );
      const others = [
        await plan(fleet, { files: { ...files, "tenant/V3__c.sql": "create table prototype.c ();" } }),
        await plan(fleet, { files, selection: { to: "2" } }),
        await plan(fleet, { files, selection: { tenants: ["t01"] } }),
        await plan(fleet, { files, options: { transaction: "migration" } }),
      ];
      for (const other of others) {
        expect(other.report.digest).not.toBe(first.report.digest);
        expect(checkDigest(other, first.report.digest)).toMatchObject({ code: "plan-changed" });
      }
      expect(checkDigest(first, first.report.digest)).toBeNull();
      await run(fleet, { files, selection: { tenants: ["t01"], to: "1" } });
      expect(checkDigest(await plan(fleet, { files }), first.report.digest)).toMatchObject({ code: "plan-changed" });
    });
  });

  it("is refused where an applied file was changed, and runs nothing", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await run(fleet, { files });
      const edited = {
        ...files,
        "tenant/V3__c.sql": "create table prototype.c (b int);",
        "tenant/V4__d.sql": "create table prototype.d ();",
      };
      const refused = await plan(fleet, { files: edited });
      expect(refused.report.refusals).toMatchObject([{ code: "changed-migration", file: "tenant/V3__c.sql" }]);
      expect(refused.report.refusals[0]?.message).toContain("4 schemas");
      await expect(runPlan(fleet.database, refused, () => {})).rejects.toThrow("V3__c.sql was changed");
      expect(await fleet.sql("select to_regclass('t01.d') as d")).toEqual([{ d: null }]);
      const spaced = { ...files, "tenant/V3__c.sql": `${files["tenant/V3__c.sql"]}`.replaceAll("\n", "\r\n") };
      expect(await refusals(fleet, { files: spaced })).toEqual([]);
    });
  });

  it("is refused where a version came too late for a schema's own history, unless that is allowed", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await run(fleet, { files });
      const late = {
        ...files,
        "tenant/V2.5__late.sql": "create table prototype.late ();",
        "tenant/V4__d.sql": "create table prototype.d ();",
      };
      expect(await refusals(fleet, { files: late })).toMatchObject([
        { code: "out-of-order", file: "tenant/V2.5__late.sql" },
      ]);
      const { summary } = await run(fleet, { files: late, options: { outOfOrder: "apply" } });
      expect(summary.counts).toMatchObject({ applied: 3, failed: 0 });
      // A public version between two tenant versions is late for nobody.
      const between = { ...late, "public/V3.5__e.sql": "create table public.e ();" };
      expect(await refusals(fleet, { files: between })).toEqual([]);
    });
  });

  it("is refused where the database has versions that no file has", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await run(fleet, { files });
      const { "tenant/V3__c.sql": _gone, ...older } = files;
      expect(await refusals(fleet, { files: older })).toMatchObject([
        { code: "unknown-version", message: expect.stringContaining("Version 3 is applied to 3 schemas") },
      ]);
      expect((await status(fleet, { files: older })).tenants[0]).toMatchObject({
        state: "unknown-version",
        version: "3",
      });
    });
  });

  it("takes 7, 007 and 7.0 for one version", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      await run(fleet, { files: { "tenant/V7__a.sql": "create table prototype.a ();" } });
      expect(
        (await plan(fleet, { files: { "tenant/V007.0__a.sql": "create table prototype.a ();" } })).report,
      ).toMatchObject({
        stages: [],
        refusals: [],
      });
    });
  });

  it("lets tenants that were left out catch up, and refuses new ones that public versions have passed", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await run(fleet, { files, selection: { tenants: ["t01"] } });
      const rest = await plan(fleet, { files });
      expect(rest.report).toMatchObject({
        refusals: [],
        stages: [{ versions: ["1", "3"], tenants: ["prototype", "t02", "t03"] }],
      });
      await run(fleet, { files });
      await fleet.sql("create schema t04");
      expect(await refusals(fleet, {})).toMatchObject([
        { code: "new-tenant-behind", message: expect.stringContaining('Schema "t04" is new') },
      ]);
      expect(await refusals(fleet, { settings: { order: "public-first" } })).toEqual([]);
      const { summary } = await run(fleet, { files, options: { outOfOrder: "apply" } });
      expect(summary.counts).toMatchObject({ applied: 1, unchanged: 4 });
    });
  });

  it("doesn't send new tenants to a prototype that is as new, or isn't there", async () => {
    await onServer(async (fleet) => {
      await run(fleet, { files });
      const told = async () => (await refusals(fleet, {})).map(({ code, message }) => [code, message]);
      const apply = ["new-tenant-behind", expect.stringContaining("There is no prototype at such a version")];
      await fleet.sql("create schema t01");
      expect(await told()).toEqual([apply]);
      await fleet.sql("create schema prototype");
      expect(await told()).toEqual([apply]);
      expect((await told()).join()).not.toContain("provision");
    });
  });

  it("goes as far as it is asked to", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      await run(fleet, { files, selection: { to: "2" } });
      expect(await status(fleet, { files })).toMatchObject({
        public: { version: "2", pending: 0 },
        tenants: [{ version: "1", pending: 1 }],
      });
      expect(await refusals(fleet, { selection: { to: "9" } })).toMatchObject([{ code: "unknown-target" }]);
    });
  });

  it("is refused for what the files hold", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const of = (text: string) => refusals(fleet, { files: { "tenant/V1__x.sql": text } });
      expect(await of("create table prototype.a ();\ncommit;")).toMatchObject([
        { code: "transaction-control", line: 2, column: 1 },
      ]);
      expect(await of("copy prototype.a from stdin;")).toMatchObject([{ code: "client-only-statement" }]);
      expect(await of("-- tenantry: no-transaction\ncreate index concurrently i on a (id);")).toMatchObject([
        { code: "unqualified-table", line: 2, column: 32 },
      ]);
      const outside = (text: string) => of(`-- tenantry: no-transaction\n${text}`);
      // The connection's path would lead to a shared index or type of that name.
      expect(await outside("drop index concurrently if exists prototype.i, j;")).toMatchObject([
        { code: "unqualified-object", line: 2, column: 48 },
      ]);
      expect(await outside("reindex index concurrently i;")).toMatchObject([{ code: "unqualified-object" }]);
      expect(await outside("alter type mood add value 'glad';")).toMatchObject([{ code: "unqualified-object" }]);
      expect(await outside("create index concurrently i on prototype.a (lower(b));\nselect nextval('s');")).toEqual([]);
      expect(await of("-- tenantry: no-transaction\nselect 1; discard all;")).toMatchObject([
        { code: "session-control", line: 2, column: 11 },
      ]);
      expect(await of("do $$ begin execute 'drop table ' || x; end $$;")).toMatchObject([{ code: "render", line: 1 }]);
      const findings = [{ code: "syntax-error", message: "No.", file: "tenant/V1__x.sql", line: 1, column: 1 }];
      expect(await refusals(fleet, { files, findings })).toEqual(findings);
    });
  });

  it("is refused for more locks than there is room for, with what helps one file or several", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const tables = (from: number, count: number) =>
        Array.from({ length: count }, (_, n) => `create table prototype.t${from + n} ();`).join("\n");
      const many = { "tenant/V1__a.sql": tables(0, 1000), "tenant/V2__b.sql": tables(1000, 1000) };
      expect(await refusals(fleet, { files: many })).toMatchObject([
        {
          code: "too-many-locks",
          message: expect.stringContaining('in all. Set "run": { "transaction": "migration" }'),
        },
      ]);
      expect(await refusals(fleet, { files: many, options: { transaction: "migration" } })).toEqual([]);
      expect(await refusals(fleet, { files: { "tenant/V1__a.sql": tables(0, 2000) } })).toMatchObject([
        { code: "too-many-locks", message: expect.stringContaining("in all. Divide the file into several") },
      ]);
    });
  });

  it("shows where a schema's part is cut into transactions", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const colours = {
        "tenant/V1__type.sql": "create type prototype.colour as enum ('red');",
        "tenant/V2__add.sql":
          "create table prototype.cars (colour prototype.colour);\nalter type prototype.colour add value 'green';",
        "tenant/V3__unrelated.sql": "create table prototype.x ();",
        "tenant/V4__use.sql": "insert into prototype.cars values ('green');",
      };
      await run(fleet, { files: colours, selection: { to: "1" } });
      expect(await cutsOf(fleet, { files: colours })).toEqual([["2", "3"], ["4"]]);
      expect((await run(fleet, { files: colours })).summary).toMatchObject({ counts: { applied: 2, failed: 0 } });
    });
  });

  it("asks one query of the database, and a run with nothing to do asks no more", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 5);
      await run(fleet, { files });
      let messages = 0;
      const counting: Fleet = {
        ...fleet,
        database: {
          ...fleet.database,
          session: (use) =>
            fleet.database.session((session) =>
              use({
                ...session,
                query: (sql, parameters) => {
                  messages++;
                  return session.query(sql, parameters);
                },
                script: (sql) => {
                  messages++;
                  return session.script(sql);
                },
              }),
            ),
        },
      };
      await run(counting, { files });
      expect(messages).toBe(1);
      await status(counting, { files });
      expect(messages).toBe(2);
    });
  });
});

describe("a schema's identity", () => {
  it("is kept when the schema is renamed, and lost when it is made again", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await run(fleet, { files });
      await fleet.sql("alter schema t02 rename to t09; drop schema t03 cascade; create schema t03;");
      expect((await status(fleet, { files })).tenants).toMatchObject([
        { tenant: "t01", state: "current" },
        { tenant: "t03", state: "recreated", version: null },
        { tenant: "t09", state: "renamed", version: "3", pending: 0 },
      ]);
      expect(await refusals(fleet, { selection: { tenants: ["t03"] } })).toMatchObject([{ code: "recreated-tenant" }]);
      const more = { ...files, "tenant/V4__d.sql": "create table prototype.d ();" };
      const { summary } = await run(fleet, { files: more });
      expect(summary.counts).toMatchObject({ applied: 3, skipped: 1 });
      expect(await fleet.sql("select to_regclass('t03.d') as d")).toEqual([{ d: null }]);
      expect((await status(fleet, { files: more })).tenants.at(-1)).toMatchObject({ tenant: "t09", state: "current" });
    });
  });

  it("moves to a copied database when that is asked for", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await run(fleet, { files });
      // What a restored dump looks like: the rows are there, and the numbers in them are another database's.
      await fleet.sql(`update tenantry.history set database_id = 1, schema_id = schema_id::bigint + 100000;
        update tenantry.installation set schema_id = schema_id::bigint + 100000;`);
      const more = { ...files, "tenant/V4__d.sql": "create table prototype.d ();" };
      expect(await refusals(fleet, { files: more })).toMatchObject([{ code: "copied-database" }]);
      expect((await status(fleet, { files: more })).tenants).toMatchObject([
        { version: "3", pending: 1, state: "pending" },
        {},
      ]);
      const { summary } = await run(fleet, { files: more, selection: { takeOver: true } });
      expect(summary.counts).toMatchObject({ applied: 3, failed: 0 });
      expect(await refusals(fleet, { files: more })).toEqual([]);
    });
  });

  it("tells in a restored database neither another schema's failure nor that a new tenant has always been there", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await run(fleet, { files });
      const more = { ...files, "tenant/V4__d.sql": "create table prototype.d ();" };
      await fleet.sql("create table t02.d ()");
      await run(fleet, { files: more, selection: { tenants: ["t02"] } });
      // On another server the number that one schema had is another's, and numbers begin anew.
      await fleet.sql(`update tenantry.history set database_id = 1, schema_id = schema_id::bigint + 100000;
        update tenantry.installation set schema_id = schema_id::bigint + 100000;
        update tenantry.outcomes set schema_id = (select oid from pg_namespace where nspname = 't01') where schema_name = 't02';
        update tenantry.runs set newest_schema = 4000000000;`);
      const told = async () => (await status(fleet, { files: more })).tenants.map(({ state }) => state);
      expect(await told()).toEqual(["pending", "pending"]);
      await run(fleet, { files: more, selection: { takeOver: true, tenants: ["prototype"] } });
      expect(await told()).toEqual(["pending", "failed"]);
      await fleet.sql("drop table t02.d; create schema t03;");
      expect(await refusals(fleet, { files: more })).toMatchObject([{ code: "new-tenant-behind" }]);
    });
  });

  it("is found again by names where a server's upgrade has given the schemas other numbers", async () => {
    await onServer(async (fleet) => {
      const names = await makeSchemas(fleet, 3);
      await run(fleet, { files });
      // As pg_upgrade leaves it: the database has kept its number, and one schema has the number that another one had.
      await fleet.sql(`update tenantry.installation set schema_id = 1;
        update tenantry.history set schema_id = schema_id::bigint + 100000 where schema_name <> 'public';
        update tenantry.history set schema_id = (select oid from pg_namespace where nspname = 't02') where schema_name = 't01';`);
      const more = { ...files, "tenant/V4__d.sql": "create table prototype.d ();" };
      const [refused] = await refusals(fleet, { files: more });
      expect(refused).toMatchObject({ code: "copied-database", message: expect.stringContaining("upgraded") });
      const { summary } = await run(fleet, { files: more, selection: { takeOver: true } });
      expect(summary.counts).toMatchObject({ applied: 1 + names.length, failed: 0 });
      expect(await refusals(fleet, { files: more })).toEqual([]);
    });
  });
});

describe("the records", () => {
  it("can't be made where nothing can be written, which is told before anything is done", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const [here] = await fleet.sql<{ name: string }>("select current_database() as name");
      await fleet.sql(`alter database ${here?.name} set default_transaction_read_only = on`);
      await fleet.database.close();
      expect(await readOnlyRefusals(fleet)).toMatchObject([{ code: "read-only" }]);
    });
  });

  it("can't be read on a server that lacks what later ones have, which is said", async () => {
    await onServer(async (fleet) => {
      await fleet.sql("alter aggregate pg_catalog.bit_xor(bigint) rename to no_bit_xor");
      await expect(readState(fleet.database, settings, { pattern: "t*" })).rejects.toThrow("PostgreSQL 14 or newer");
    });
  });

  it("are not read as long as there are none, and are counted per migration when there are", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      expect((await readState(fleet.database, settings, { pattern: "t*" })).installed).toBe(0);
      await run(fleet, { files, selection: { tenants: ["t01"] } });
      const { appliedCounts } = await import("../../server/src/engine/status");
      const state = await readState(fleet.database, settings, { pattern: "t*" });
      expect([...appliedCounts(state, migrationsOf(files))]).toEqual([
        ["public/V2__b.sql", { count: 1, of: 1 }],
        ["tenant/V1__a.sql", { count: 1, of: 2 }],
        ["tenant/V3__c.sql", { count: 1, of: 2 }],
      ]);
    });
  });
});

async function readOnlyRefusals(fleet: Fleet) {
  const { openDatabase } = await import("../../server/src/db/open");
  const database = await openDatabase({ url: fleet.url ?? "", command: "test" });
  try {
    return await refusals({ ...fleet, database }, {});
  } finally {
    await database.close();
  }
}
