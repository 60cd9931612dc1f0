import { describe, expect, it } from "vitest";
import { onEach, onServer } from "./databases";
import { cutsOf, type Fleet, type Kind, makeSchemas, plan, run, status } from "./fleet";

const kinds: Kind[] = ["PostgreSQL", "embedded"];

describe.each(kinds)("a tenant's transaction on %s", (kind) => {
  it("gives each file the same surroundings, whatever the one before it has set", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const dump = `SET statement_timeout = 0;
SET lock_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_transaction_isolation = 'serializable';
CREATE TABLE prototype.dumped (id int);`;
      const seen = `create table seen as select current_schema()::text as schema, current_setting('search_path') as path,
        current_setting('lock_timeout') as lock_timeout, current_setting('statement_timeout') as statement_timeout;`;
      const files = { "tenant/V1__dump.sql": dump, "tenant/V2__seen.sql": seen, "tenant/V3__again.sql": "select 1;" };
      const surroundings = () =>
        fleet.database.session((session) =>
          session.query<{ path: string; isolation: string }>(
            "select current_setting('search_path') as path, current_setting('default_transaction_isolation') as isolation",
          ),
        );
      const before = await surroundings();
      const { summary } = await run(fleet, { files, settings: { tenantNames: "search-path" } });
      expect(summary.failures).toEqual([]);
      for (const name of ["prototype", "t01", "t02"]) {
        expect(await fleet.sql(`select * from ${name}.seen`)).toEqual([
          { schema: name, path: `${name}, public`, lock_timeout: "100ms", statement_timeout: "5min" },
        ]);
      }
      expect(await surroundings()).toEqual(before);
    });
  });

  it("checks deferred constraints after each file, and tells the file", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 1);
      const files = {
        "tenant/V1__a.sql": `create table prototype.a (id int primary key);
create table prototype.b (a int references prototype.a deferrable initially deferred);`,
        "tenant/V2__row.sql": "insert into prototype.b values (1); insert into prototype.a values (1);",
        "tenant/V3__alter.sql": "alter table prototype.b add column note text;",
        "tenant/V4__row.sql": "insert into prototype.b (a) values (2); insert into prototype.a values (2);",
        "tenant/V5__wrong.sql": "insert into prototype.b values (7);",
      };
      const { summary } = await run(fleet, { files, selection: { to: "4" } });
      expect(summary).toMatchObject({ counts: { applied: 2 }, failures: [] });
      const second = await run(fleet, { files });
      expect(second.summary.failures).toMatchObject([{ code: "23503", file: "tenant/V5__wrong.sql", line: null }]);
    });
  });

  it("tells an error's place in the file as it was written, before and behind names of other lengths", async () => {
    await onEach(kind, async (fleet) => {
      await fleet.sql('create schema "a very long name of a tenant, longer than the prototype"; create schema t;');
      const text = "-- 🐘 first\nselect 1 from prototype.missing as 🐘;";
      const files = { "tenant/V1__a.sql": "create table prototype.a (id int);", "tenant/V2__b.sql": `\r\n${text}` };
      const tenants = {
        query: "select nspname::text from pg_namespace where nspname in ('t') or nspname like 'a very%'",
      };
      const { summary } = await run(fleet, { files, tenants, options: { canary: 0, maxFailures: "none" } });
      expect(summary.failures).toMatchObject([
        { code: "42P01", file: "tenant/V2__b.sql", line: 3, column: 15, tenants: [{}, {}] },
      ]);
    });
  });

  it("runs repeatable migrations after the others, again when they change, and only then", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const view = (column: string) => `create or replace view prototype.v as select ${column} from prototype.a;`;
      const files = {
        "tenant/V1__a.sql": "create table prototype.a (id int, note int);",
        "tenant/R__view.sql": view("id"),
      };
      expect((await run(fleet, { files })).events.find(({ event }) => event === "stage")).toMatchObject({
        versions: ["1", "R__view"],
      });
      expect((await plan(fleet, { files })).stages).toEqual([]);
      const edited = { ...files, "tenant/R__view.sql": view("id, note") };
      expect((await plan(fleet, { files: edited })).report).toMatchObject({
        refusals: [],
        stages: [{ versions: ["R__view"] }],
      });
      expect((await run(fleet, { files: edited })).summary.counts).toMatchObject({ applied: 3 });
      expect((await plan(fleet, { files: edited })).stages).toEqual([]);
      expect((await status(fleet, { files: edited })).tenants[0]).toMatchObject({
        version: "1",
        pending: 0,
        state: "current",
      });
    });
  });

  it("records who ran what, and what became of each schema", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const files = {
        "tenant/V1__a.sql": "create table prototype.a (id int);",
        "tenant/V2__b.sql": "select 1/count(*) from prototype.b;",
      };
      await run(fleet, { files, selection: { to: "1" } });
      await run(fleet, { files });
      expect(
        await fleet.sql(
          "select state, pid, schemas, finished_at is not null as ended from tenantry.runs order by started_at",
        ),
      ).toEqual([
        { state: "done", pid: process.pid, schemas: 3, ended: true },
        { state: "failures", pid: process.pid, schemas: 3, ended: true },
      ]);
      expect(
        await fleet.sql(
          `select o.schema_name as schema, o.outcome, o.versions, o.code, o.line from tenantry.outcomes o join tenantry.runs r on r.id = o.run_id
           order by r.started_at, schema_name`,
        ),
      ).toEqual([
        { schema: "prototype", outcome: "applied", versions: "1", code: null, line: null },
        { schema: "t01", outcome: "applied", versions: "1", code: null, line: null },
        { schema: "t02", outcome: "applied", versions: "1", code: null, line: null },
        { schema: "prototype", outcome: "failed", versions: "2", code: "42P01", line: 1 },
        { schema: "t01", outcome: "skipped", versions: "2", code: null, line: null },
        { schema: "t02", outcome: "skipped", versions: "2", code: null, line: null },
      ]);
      const history = await fleet.sql<{ milliseconds: number; name: string }>("select * from tenantry.history");
      expect(history).toHaveLength(3);
      expect(history[0]).toMatchObject({ kind: "versioned", key: "1", name: "a" });
      expect(
        await fleet.sql("select reltoastrelid::int as toast from pg_class where oid = 'tenantry.history'::regclass"),
      ).toEqual([{ toast: 0 }]);
    });
  });
});

describe("a tenant's transaction", () => {
  it("finds what lies in the other schemas of the connection's path, but never in another tenant or the prototype", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await fleet.sql(`create schema extensions; create function extensions.seven() returns int language sql return 7;
        alter database ${fleet.url?.split("/").at(-1)} set search_path = prototype, t02, public, extensions;`);
      await fleet.database.session(async (session) => {
        await session.script("set search_path = prototype, t02, public, extensions");
      });
      const { openDatabase } = await import("../../server/src/db/open");
      const database = await openDatabase({ url: fleet.url ?? "", command: "test" });
      try {
        const files = {
          "tenant/V1__a.sql":
            "create table prototype.a as select seven() as seven, current_setting('search_path') as path;",
        };
        const { summary } = await run({ ...fleet, database }, { files });
        expect(summary.failures).toEqual([]);
        expect(await fleet.sql("select * from t01.a")).toEqual([{ seven: 7, path: "t01, public, extensions" }]);
      } finally {
        await database.close();
      }
    });
  });

  it("is refused where the role may not use the schema, and the message says so", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const role = `poor_${fleet.url?.slice(-12)}`;
      await fleet.sql(`create role ${role}; grant all on schema prototype to ${role};`);
      try {
        const { summary } = await run(fleet, {
          files: { "tenant/V1__a.sql": "create table prototype.a ();" },
          options: { role },
        });
        expect(summary.failures).toMatchObject([
          { code: "TN004", message: expect.stringContaining(role), tenants: ["t01"] },
        ]);
        expect(await fleet.sql("select tableowner::text as owner from pg_tables where tablename = 'a'")).toEqual([
          { owner: role },
        ]);
      } finally {
        await fleet.sql(`drop owned by ${role} cascade; drop role ${role};`);
      }
    });
  });

  it("does nothing to a schema that was dropped or made again since the plan", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      const { runPlan } = await import("../../server/src/engine/run");
      const planned = await plan(fleet, {
        files: { "tenant/V1__a.sql": "create table prototype.a ();" },
        options: { maxFailures: "none", canary: 0 },
      });
      await fleet.sql("drop schema t01; drop schema t02; create schema t02;");
      const summary = await runPlan(fleet.database, planned, () => {});
      expect(summary.counts).toMatchObject({ applied: 2, failed: 2 });
      expect(summary.failures).toMatchObject([{ code: "TN002", tenants: ["t01", "t02"] }]);
      expect(await fleet.sql("select to_regclass('t02.a') as a")).toEqual([{ a: null }]);
    });
  });
});

describe("a file outside a transaction", () => {
  const files = {
    "tenant/V1__a.sql": "create table prototype.a (id int);\ninsert into prototype.a values (1), (2);",
    "tenant/V2__index.sql": `-- tenantry: no-transaction
create index concurrently a_id on prototype.a (id);
vacuum prototype.a;
insert into prototype.a values (3);`,
    "tenant/V3__b.sql": "create table prototype.b (id int);",
  };

  const indexes = (fleet: Fleet) =>
    fleet.sql<{ schema: string; valid: boolean }>(
      `select n.nspname::text as schema, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace where c.relname = 'a_id' order by 1`,
    );

  it("is run statement by statement, between two transactions", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      expect(await cutsOf(fleet, { files })).toEqual([["1"], ["2"], ["3"]]);
      const { summary } = await run(fleet, { files });
      expect(summary.failures).toEqual([]);
      expect(summary.counts).toMatchObject({ applied: 4 });
      expect((await indexes(fleet)).map(({ valid }) => valid)).toEqual([true, true, true, true]);
      expect(await fleet.sql("select * from tenantry.claims")).toEqual([]);
      expect((await plan(fleet, { files })).stages).toEqual([]);
    });
  });

  it("is run again where it is repeatable and was changed", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const withAgain = (text: string) => ({ ...files, "tenant/R__again.sql": `-- tenantry: no-transaction\n${text}` });
      await run(fleet, { files: withAgain("vacuum prototype.b;") });
      const changed = withAgain("vacuum prototype.b;\ninsert into prototype.b values (1);");
      const { summary } = await run(fleet, { files: changed });
      expect([summary.failures, summary.counts]).toEqual([[], expect.objectContaining({ applied: 2 })]);
      expect(await fleet.sql("select * from t01.b")).toEqual([{ id: 1 }]);
      expect((await plan(fleet, { files: changed })).stages).toEqual([]);
    });
  });

  it("goes on at the statement that failed, and builds a broken index again", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const unique = {
        ...files,
        "tenant/V2__index.sql": files["tenant/V2__index.sql"].replace("create index", "create unique index"),
      };
      await run(fleet, { files: unique, selection: { to: "1" } });
      await fleet.sql("insert into t01.a values (1)");
      const { summary } = await run(fleet, { files: unique });
      expect(summary.failures).toMatchObject([
        { code: "23505", file: "tenant/V2__index.sql", line: 2, tenants: ["t01"] },
      ]);
      expect(await indexes(fleet)).toEqual([
        { schema: "prototype", valid: true },
        { schema: "t01", valid: false },
      ]);
      await fleet.sql("delete from t01.a where ctid = (select max(ctid) from t01.a)");
      expect((await run(fleet, { files: unique })).summary.counts).toMatchObject({ applied: 1, failed: 0 });
      expect((await indexes(fleet)).map(({ valid }) => valid)).toEqual([true, true]);
      expect(await fleet.sql("select count(*)::int as rows from t01.a")).toEqual([{ rows: 3 }]);
    });
  });

  it("asks where an interrupted statement may or may not have been done", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      await run(fleet, { files, selection: { to: "1" } });
      const broken = {
        ...files,
        "tenant/V2__index.sql": files["tenant/V2__index.sql"].replace("values (3)", "values (1/0)"),
      };
      await run(fleet, { files: broken });
      expect(await fleet.sql("select statement, begun from tenantry.claims")).toEqual([{ statement: 2, begun: false }]);
      await fleet.sql("update tenantry.claims set begun = true");
      const { summary } = await run(fleet, { files });
      expect(summary.failures).toMatchObject([{ code: "TN005", line: 4, tenants: ["prototype"] }]);
      await fleet.sql("update tenantry.claims set begun = false");
      expect((await run(fleet, { files })).summary.counts).toMatchObject({ applied: 2, failed: 0 });
      expect(await fleet.sql("select count(*)::int as rows from prototype.a")).toEqual([{ rows: 3 }]);
    });
  });

  it("leaves nothing that keeps tenants from being made where it failed and became a transaction", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const index = "create unique index concurrently a_id on prototype.a (abs(id / (id - 2)));";
      const broken = { ...files, "tenant/V2__index.sql": `-- tenantry: no-transaction\n${index}` };
      expect((await run(fleet, { files: broken })).summary.failures).toMatchObject([{ code: "22012" }]);
      await fleet.sql("drop index prototype.a_id");
      const mended = { ...files, "tenant/V2__index.sql": "create index a_id on prototype.a (id);" };
      expect((await run(fleet, { files: mended })).summary.failures).toEqual([]);
      expect(await fleet.sql("select * from tenantry.claims")).toEqual([]);
    });
  });

  it.each([
    ["as it was", "-- tenantry: no-transaction\n"],
    ["as a transaction", ""],
  ])("is gone on with where its file writes the version in another way since, %s", async (_, head) => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const first = { "tenant/V1__a.sql": files["tenant/V1__a.sql"] };
      const done = "vacuum prototype.a;\ninsert into prototype.a values (3);\n";
      const broken = {
        "tenant/V2__b.sql": `-- tenantry: no-transaction\n${done}insert into prototype.a values (1/0);`,
      };
      expect((await run(fleet, { files: { ...first, ...broken } })).summary.counts).toMatchObject({ failed: 1 });
      const rest = "insert into prototype.a values (4);";
      const mended = { "tenant/V002.0__c.sql": `${head}${head === "" ? "" : done}${rest}` };
      const { summary } = await run(fleet, { files: { ...first, ...mended }, selection: { tenants: ["prototype"] } });
      expect(summary.failures).toEqual([]);
      expect(await fleet.sql("select id from prototype.a order by id")).toEqual([1, 2, 3, 4].map((id) => ({ id })));
      expect(await fleet.sql("select * from tenantry.claims")).toEqual([]);
    });
  });

  it("isn't gone on with where a statement that was done has been edited", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const broken = {
        ...files,
        "tenant/V2__index.sql": files["tenant/V2__index.sql"].replace("values (3)", "values (1/0)"),
      };
      await run(fleet, { files: broken });
      const edited = { ...files, "tenant/V2__index.sql": files["tenant/V2__index.sql"].replace("a_id", "a_other") };
      expect((await run(fleet, { files: edited })).summary.failures).toMatchObject([
        { code: "TN005", tenants: ["prototype"] },
      ]);
    });
  });
});
