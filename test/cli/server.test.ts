import { describe, expect, it } from "vitest";
import { start, tenantry } from "./command";
import { planJson, runLines, statusJson } from "./contract";
import { names, orders, summaryOf, withFleet } from "./fleet";

const hostile = 'a"; drop schema public cascade; --';

describe("a run", () => {
  it("is planned, carried out and recorded, and running again does nothing", async () => {
    await withFleet(async ({ run }) => {
      const plan = planJson.parse(JSON.parse((await run("plan", "--format", "json")).out));
      expect(plan.stages.map(({ scope, versions, tenants }) => [scope, versions, tenants.length])).toEqual([
        ["public", ["0001"], 1],
        ["tenant", ["0002"], 21],
      ]);
      const first = await run("run", "--format", "json", "--digest", plan.digest);
      expect([first.code, first.err]).toEqual([0, ""]);
      const lines = runLines(first.out);
      expect(lines[0]).toMatchObject({ event: "plan", digest: plan.digest });
      expect(summaryOf(lines)).toMatchObject({ counts: { applied: 22, failed: 0 }, failures: [], stopped: null });
      const status = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      expect(status.public).toEqual({ version: "0001", pending: 0 });
      expect(status.prototype).toEqual({ version: "0002", pending: 0 });
      expect(status.tenants).toEqual(
        names.map((tenant) => ({ tenant, version: "0002", pending: 0, state: "current" })),
      );
      const again = await run("run", "--format", "json");
      expect(again.code).toBe(0);
      expect(summaryOf(runLines(again.out)).counts).toMatchObject({ applied: 0, unchanged: 21 });
      const text = await run("status");
      expect(text.out).toContain("20 tenants: 20 at 0002");
    });
  });

  it("says in plain lines what it does where there is no terminal, and asks nothing", async () => {
    await withFleet(async ({ run }) => {
      const { code, out, err } = await run("run");
      expect(code).toBe(0);
      expect(out).toContain("prototype, then shop_01 alone, then the other 19");
      expect(err).toContain("21 of 21 schemas");
      expect(out).toContain("22 applied in ");
      expect(`${out}${err}`).not.toContain("\u001b");
    });
  });

  it("fails on one tenant without harm to the others, and tells the place in the file", async () => {
    const files = {
      "migrations/tenant/0003_note.sql":
        "-- The 13th has orders without a note.\nALTER TABLE prototype.orders\n  ADD COLUMN note text NOT NULL;\n",
    };
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql("insert into shop_13.orders values (1)");
        const { code, out } = await run("run", "--format", "json");
        expect(code).toBe(1);
        const lines = runLines(out);
        const failed = lines.filter((line) => line.event === "tenant" && line.outcome === "failed");
        expect(failed).toMatchObject([
          {
            tenant: "shop_13",
            versions: ["0003"],
            attempts: 1,
            error: { code: "23502", file: "migrations/tenant/0003_note.sql" },
          },
        ]);
        const { counts, failures } = summaryOf(lines);
        expect(counts).toMatchObject({ applied: 20, failed: 1 });
        expect(failures).toMatchObject([
          { code: "23502", tenants: ["shop_13"], file: "migrations/tenant/0003_note.sql", line: 2 },
        ]);
        const status = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
        expect(status.tenants.filter(({ state }) => state !== "current")).toEqual([
          { tenant: "shop_13", version: "0002", pending: 1, state: "failed" },
        ]);
        const text = await run("run");
        expect(text.code).toBe(1);
        expect(text.out).toContain("at migrations/tenant/0003_note.sql:2:1");
        expect(text.out).toContain("in shop_13");
        await database.sql("delete from shop_13.orders");
        expect((await run("run")).code).toBe(0);
      },
      { files, configuration: { run: { maxFailures: "none" } } },
    );
  });

  it("treats a tenant with a hostile name as a strange name", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run", "--tenants", hostile)).code).toBe(0);
        const [row] = await database.sql<{ n: number }>(
          `select count(*)::int as n from pg_tables where schemaname = '${hostile.replaceAll("'", "''")}' and tablename = 'orders'`,
        );
        expect(row?.n).toBe(1);
        expect((await run("status")).out).toContain(hostile);
      },
      { tenants: ["acme", hostile] },
    );
  });

  it("does only what was confirmed", async () => {
    await withFleet(async ({ run, write, database }) => {
      const { digest } = planJson.parse(JSON.parse((await run("plan", "--format", "json")).out));
      write("migrations/tenant/0003_more.sql", "CREATE TABLE prototype.more (id int);\n");
      const { code, out } = await run("run", "--format", "json", "--digest", digest);
      expect(code).toBe(1);
      expect(runLines(out)).toMatchObject([{ event: "plan", refusals: [{ code: "plan-changed" }] }]);
      const told = await run("run", "--digest", digest);
      expect([told.code, told.err]).toEqual([1, expect.stringContaining("no longer what was confirmed")]);
      expect(await database.sql("select 1 from pg_tables where tablename in ('orders', 'plans')")).toEqual([]);
    });
  });

  it("picks tenants by name and by glob, and knows none that isn't there", async () => {
    await withFleet(async ({ run }) => {
      const plan = await run("plan", "--format", "json", "--tenants", "shop_01,shop_2?", "--tenants", "shop_1*");
      const { stages } = planJson.parse(JSON.parse(plan.out));
      expect(stages.at(-1)?.tenants).toEqual([...names.slice(0, 1), ...names.slice(9, 20)]);
      for (const command of ["plan", "run", "status"]) {
        const { code, err, out } = await run(command, "--tenants", "shop_01,nobody");
        expect([command, code]).toEqual([command, 2]);
        expect(`${out}${err}`).toContain('"nobody"');
      }
      expect((await run("plan", "--to", "0099")).code).toBe(2);
    });
  });

  it("refuses an edited file that is applied", async () => {
    await withFleet(async ({ run, write }) => {
      expect((await run("run")).code).toBe(0);
      write("migrations/tenant/0002_orders.sql", `${orders}-- Nothing but a comment.\nSELECT 1;\n`);
      write("migrations/tenant/0003_more.sql", "CREATE TABLE prototype.more (id int);\n");
      const { code, err } = await run("run");
      expect(code).toBe(1);
      expect(err).toContain("(changed-migration)");
      expect(err).toContain("migrations/tenant/0002_orders.sql");
    });
  });

  it("refuses files with errors, and touches nothing", async () => {
    await withFleet(
      async ({ run, database }) => {
        const { code, err } = await run("run");
        expect(code).toBe(1);
        expect(err).toContain("migrations/tenant/0003_x.sql:1:7");
        expect(err).toContain("(syntax-error)");
        expect(await database.sql("select 1 from pg_namespace where nspname = 'tenantry'")).toEqual([]);
      },
      { files: { "migrations/tenant/0003_x.sql": "ALTER TABL prototype.orders ADD x int;\n" } },
    );
  });
});

describe("the list of tenants", () => {
  it("that fails is wrong configuration", async () => {
    await withFleet(
      async ({ run }) => {
        const { code, err, out } = await run("status");
        expect([code, out]).toEqual([2, ""]);
        expect(err).toMatch(/^tenantry: tenantry\.json:1:\d+: The tenants query fails: .*public\.tenant/);
      },
      { configuration: { tenants: { query: "select name from public.tenant" } } },
    );
  });

  it("that holds a schema twice, or a reserved one, is refused by name unless it is left out", async () => {
    await withFleet(
      async ({ run }) => {
        const status = await run("status");
        expect(status.code).toBe(0);
        expect(status.err).toMatch(/"shop_01" \(more than once\).*"prototype" \(the prototype\)/);
        const refused = await run("run");
        expect(refused.code).toBe(2);
        expect(refused.err).toContain('"shop_01"');
        expect(refused.err).toContain('"prototype"');
        const { code, out } = await run("run", "--skip-invalid-tenants", "--format", "json");
        expect(code).toBe(0);
        expect(summaryOf(runLines(out)).counts.applied).toBe(4);
      },
      {
        tenants: ["shop_01", "shop_02", "shop_01", "prototype"].filter((name) => name !== "prototype"),
        configuration: {
          tenants: { query: "select name from public.tenants union all select 'prototype'" },
        },
      },
    );
  });

  it("names tenants whose schema isn't there yet as pending creation", async () => {
    await withFleet(async ({ run, database }) => {
      await database.sql("insert into public.tenants (name) values ('to_come')");
      const { tenants } = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      expect(tenants.at(-1)).toMatchObject({ tenant: "to_come", version: null, state: "pending-creation" });
      expect((await run("plan")).out).toContain("Left out: to_come");
      expect((await run("run")).code).toBe(0);
      const { out } = await run("plan", "--tenants", "to_*");
      expect(out).toContain("Nothing to do yet: what still misses migrations has no schema.");
      expect(out).toContain("Left out: to_come, listed, and without a schema.");
      expect((await run("plan", "--tenants", "shop_01")).out).toContain("Nothing to do: everything is applied.");
    });
  });

  it("that is empty is told, with what it came from", async () => {
    await withFleet(
      async ({ run }) => {
        const nobody = "No tenants: no schema is named like client_*.";
        expect((await run("status")).out).toContain(nobody);
        expect((await run("plan", "--to", "0001")).out).toContain(nobody);
      },
      { configuration: { tenants: { pattern: "client_*" } } },
    );
  });
});

describe("a connection", () => {
  it("that is refused ends with 3, and says where", async () => {
    await withFleet(async ({ path }) => {
      const env = { TEST_DATABASE: "postgresql://me:s3cret@127.0.0.1:1/nothing" };
      for (const words of [["status"], ["plan"], ["run", "--format", "json"]]) {
        const { code, out, err } = await tenantry(words, { cwd: path, env });
        expect([code, out]).toEqual([3, ""]);
        expect(err).toContain("127.0.0.1");
        expect(err).not.toContain("s3cret");
      }
    });
  });

  it("with a wrong password ends with 3, and never shows it", async () => {
    await withFleet(async ({ path, database }) => {
      const wrong = new URL(database.url);
      wrong.password = "wrong-s3cret";
      const { code, out, err } = await tenantry(["status"], { cwd: path, env: { TEST_DATABASE: wrong.href } });
      expect([code, out]).toEqual([3, ""]);
      expect(err).toMatch(/password/i);
      expect(err).not.toContain("s3cret");
    });
  });

  it("takes its password from the control channel, where an editor steers", async () => {
    await withFleet(async ({ path, database }) => {
      const bare = new URL(database.url);
      const password = decodeURIComponent(bare.password);
      bare.password = "";
      const words = ["run", "--format", "json", "--control"];
      const surroundings = { cwd: path, env: { TEST_DATABASE: bare.href } };
      const without = await tenantry(words, { ...surroundings, input: '{"password":null}\n' });
      expect([without.code, without.out]).toEqual([3, ""]);
      const { code, out } = await tenantry(words, { ...surroundings, input: `${JSON.stringify({ password })}\n` });
      expect(code).toBe(0);
      expect(summaryOf(runLines(out)).counts.applied).toBe(22);
    });
  });
});

describe("a run that is stopped", () => {
  const slow = {
    files: { "migrations/tenant/0003_slow.sql": "CREATE TABLE prototype.slow (id int);\nSELECT pg_sleep(0.3);\n" },
    configuration: { run: { concurrency: 2 } },
  };

  it("by Ctrl-C begins no more tenants, lets the running ones finish, and ends with 130", async () => {
    await withFleet(async ({ path, run, database }) => {
      expect((await run("run", "--to", "0002")).code).toBe(0);
      const started = start(["run", "--yes"], { cwd: path, env: { TEST_DATABASE: database.url } });
      await started.until("Stage 1: 0003");
      started.process.kill("SIGINT");
      await started.until("Stopping");
      const { code, out } = await started.ended;
      expect(code).toBe(130);
      expect(out).toContain("Cancelled");
      const { tenants } = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      const done = tenants.filter(({ version }) => version === "0003").map(({ tenant }) => tenant);
      const made = await database.sql<{ name: string }>(
        "select schemaname as name from pg_tables where tablename = 'slow' and schemaname <> 'prototype' order by 1",
      );
      expect(made.map(({ name }) => name)).toEqual(done);
      expect(done.length).toBeLessThan(20);
      expect((await run("run")).code).toBe(0);
    }, slow);
  });

  it("by a second Ctrl-C, or the control channel, cancels what is running, too", async () => {
    const files = {
      "migrations/tenant/0003_slow.sql": "CREATE TABLE prototype.slow (id int);\nSELECT pg_sleep(60);\n",
    };
    await withFleet(
      async ({ path, run, database }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        const started = start(["run", "--format", "json", "--control"], {
          cwd: path,
          env: { TEST_DATABASE: database.url },
        });
        started.process.stdin?.write('{"password":null}\n');
        await started.until('"event":"stage"');
        started.process.stdin?.write('{"cancel":true}\n{"cancel":true}\n');
        const { code, out, err } = await started.ended;
        expect([code, err]).toEqual([130, ""]);
        expect(summaryOf(runLines(out))).toMatchObject({ stopped: "cancelled", counts: { applied: 0, failed: 0 } });
        expect(await database.sql("select 1 from pg_tables where tablename = 'slow'")).toEqual([]);
      },
      { files },
    );
  });

  it("by nobody, when the reader of its output or the editor goes away", async () => {
    await withFleet(async ({ path, run, database }) => {
      const started = start(["run", "--format", "json", "--control"], {
        cwd: path,
        env: { TEST_DATABASE: database.url },
      });
      started.process.stdin?.end('{"password":null}\n');
      await started.until('"event":"stage"');
      started.process.stdout?.destroy();
      expect((await started.ended).code).toBe(0);
      expect((await run("status")).out).toContain("20 at 0003");
    }, slow);
  });

  it("by another that goes on already: only one runs, the other ends with 1", async () => {
    await withFleet(async ({ path, run, database }) => {
      expect((await run("run", "--to", "0002")).code).toBe(0);
      const first = start(["run", "--yes"], { cwd: path, env: { TEST_DATABASE: database.url } });
      await first.until("Stage 1: 0003");
      const second = await run("run", "--yes");
      expect(second.code).toBe(1);
      expect(second.err).toMatch(/another run/i);
      const third = await run("run", "--format", "json");
      expect(third.code).toBe(1);
      expect(runLines(third.out)).toMatchObject([{ event: "plan", refusals: [{ code: "run-in-progress" }] }]);
      expect((await first.ended).code).toBe(0);
      const rows = await database.sql("select 1 from pg_tables where tablename = 'slow'");
      expect(rows).toHaveLength(21);
    }, slow);
  });
});
