import { describe, expect, it } from "vitest";
import { start } from "./command";
import { runLines } from "./contract";
import { names, summaryOf, withFleet } from "./fleet";

const slow = { "migrations/tenant/0003_slow.sql": "SELECT pg_sleep(0.1);\n" };
const configuration = { run: { concurrentRuns: "share", concurrency: 2 } };

describe.each([2, 5])("%i processes that share one run", (count) => {
  it("do each tenant exactly once between them", async () => {
    await withFleet(
      async ({ path, database, run }) => {
        expect((await run("run", "--to", "0002", "--format", "json")).code).toBe(0);
        const env = { TEST_DATABASE: database.url };
        const all = Array.from({ length: count }, () => start(["run", "--format", "json"], { cwd: path, env }));
        const ended = await Promise.all(all.map((started) => started.ended));
        expect(ended.map(({ code, err }) => [code, err])).toEqual(all.map(() => [0, ""]));
        const applied = ended.flatMap(({ out }) =>
          runLines(out).flatMap((line) => (line.event === "tenant" && line.outcome === "applied" ? [line.tenant] : [])),
        );
        expect(applied.sort()).toEqual(["prototype", ...names]);
        for (const { out } of ended) {
          const { counts } = summaryOf(runLines(out));
          expect(counts.applied + counts.unchanged).toBe(21);
        }
      },
      { files: slow, configuration },
    );
  });
});

it("where one of two runs that share is killed, the other does the rest, and nothing twice", async () => {
  await withFleet(
    async ({ path, database, run }) => {
      expect((await run("run", "--to", "0002", "--format", "json")).code).toBe(0);
      const env = { TEST_DATABASE: database.url };
      const [killed, other] = [1, 2].map(() => start(["run", "--format", "json"], { cwd: path, env }));
      if (killed === undefined || other === undefined) throw new Error("Two runs were to be started.");
      await killed.until('"event":"stage"');
      killed.process.kill("SIGKILL");
      await killed.ended;
      const { code, out } = await other.ended;
      expect([code, summaryOf(runLines(out)).counts.failed]).toEqual([0, 0]);
      const notes = names.map((name) => `select '${name}' as tenant, count(*)::int as notes from ${name}.notes`);
      expect(await database.sql(`${notes.join(" union all ")} order by 1`)).toEqual(
        names.map((tenant) => ({ tenant, notes: 1 })),
      );
    },
    {
      files: {
        "migrations/tenant/0003_slow.sql":
          "CREATE TABLE prototype.notes ();\nINSERT INTO prototype.notes DEFAULT VALUES;\nSELECT pg_sleep(0.1);\n",
      },
      configuration,
    },
  );
});

describe("the runs on record", () => {
  it("tell tenants that were left out from those that were never begun", async () => {
    await withFleet(
      async ({ run }) => {
        const [, second = ""] = names;
        expect((await run("run", "--to", "0002", "--format", "json")).code).toBe(0);
        expect((await run("skip", second, "--reason", "on holiday")).code).toBe(0);
        const { code, out } = await run("run", "--yes");
        expect([code, out]).toEqual([1, expect.stringContaining("1 applied · 1 failed · 1 left out · 18 not begun")]);
        const [newest] = (await run("runs")).out.split("\n");
        expect(newest).toContain("1 left out · 18 not begun");
        const { runs } = JSON.parse((await run("runs", "--format", "json")).out);
        expect(runs[0]).toMatchObject({ counts: { applied: 1, failed: 1, skipped: 19 }, leftOut: 1 });
      },
      {
        files: { "migrations/tenant/0003_bad.sql": "SELECT 1 / (current_schema() LIKE 'proto%')::int;\n" },
        configuration: { run: { concurrency: 1 } },
      },
    );
  });

  it("are listed with who did what, whoever did it, and each schema once", async () => {
    await withFleet(async ({ run, write }) => {
      write("migrations/public/0003_more.sql", "CREATE TABLE public.more (id int);\n");
      write("migrations/tenant/0004_note.sql", "ALTER TABLE prototype.orders ADD COLUMN note text;\n");
      expect((await run("runs")).out).toContain("Nothing has run in this database yet.");
      await run("run", "--format", "json");
      const listed = await run("runs");
      expect(listed.out).toMatch(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (UTC|[+-]\d\d:\d\d) {2}done {2}22 applied in .* by .* \(process \d+\)/,
      );
      const { runs } = JSON.parse((await run("runs", "--format", "json")).out);
      expect(runs).toMatchObject([{ state: "done", counts: { applied: 22 }, schemas: 22, stopRequested: null }]);
      expect((await run("runs", "--follow")).err).toContain("No run is going on.");
      expect((await run("runs", "--stop")).out).toContain("No run is going on.");
      expect(await run("runs", "--follow", "--stop")).toMatchObject({ code: 2 });
    });
  });

  it("are followed while they go on, and asked to stop, from another process", async () => {
    await withFleet(
      async ({ path, database, run }) => {
        const env = { TEST_DATABASE: database.url };
        const going = start(["run", "--format", "json"], { cwd: path, env });
        await going.until('"tenant":"shop_02"');
        const following = start(["runs", "--follow", "--format", "json"], { cwd: path, env });
        await following.until('"tenant":"shop_01"');
        expect((await run("runs", "--stop")).out).toContain("Asked to stop: ");
        const [first, second] = await Promise.all([going.ended, following.ended]);
        expect([first.code, second.code]).toEqual([130, 130]);
        const [told, followed] = [runLines(first.out), runLines(second.out)];
        expect(summaryOf(told)).toMatchObject({ stopped: "cancelled" });
        const { milliseconds: _, ...expected } = summaryOf(told);
        expect(summaryOf(followed)).toMatchObject(expected);
        const tenants = (lines: typeof told) => lines.filter((line) => line.event === "tenant").length;
        expect(tenants(followed)).toBe(tenants(told));
        expect((await run("runs")).out).toContain("cancelled");
      },
      {
        files: { "migrations/tenant/0003_slow.sql": "SELECT pg_sleep(0.4);\n" },
        configuration: { run: { concurrency: 1 } },
      },
    );
  });

  it("show one whose process was killed as lost, and retry says that its failures may be missing", async () => {
    await withFleet(
      async ({ path, database, run }) => {
        const going = start(["run", "--format", "json"], { cwd: path, env: { TEST_DATABASE: database.url } });
        await going.until('"tenant":"shop_01"');
        expect((await run("retry")).out).toMatch(
          /Nothing to retry yet: the last run \(by .+\) goes on, and nothing has/,
        );
        going.process.kill("SIGKILL");
        await going.ended;
        for (;;) if ((await run("runs")).out.includes("lost")) break;
        const nothing = await run("retry");
        expect([nothing.code, nothing.out]).toEqual([
          0,
          expect.stringMatching(
            /the last run \(by .+\) broke off, and no failure in it is on record\. `tenantry run` does/,
          ),
        ]);
      },
      {
        files: { "migrations/tenant/0003_slow.sql": "SELECT pg_sleep(0.7);\n" },
        configuration: { run: { concurrency: 1 } },
      },
    );
  });
});
