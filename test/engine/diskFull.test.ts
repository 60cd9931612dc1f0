import { describe, expect, inject, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import type { RunSummary } from "../../server/src/engine/events";
import { canMountDisk, withSmallDisk } from "../support/smallDisk";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, run, status } from "./fleet";

const files = { "tenant/V1__a.sql": "create table prototype.a (id int, text text);" };
const more = {
  ...files,
  "tenant/V2__b.sql": "insert into prototype.a select n, repeat('x', 200) from generate_series(1, 3000) n;",
};
const patient = { canary: 0, concurrency: 2, maxFailures: "none" } as const;

const isPossible = canMountDisk();

describe.skipIf(!isPossible)(
  `a disk that is full${isPossible ? "" : " (no small file system can be mounted here)"}`,
  () => {
    it("fails the tenants that don't fit, leaves nothing of them, and the next run does them", async () => {
      await withSmallDisk(48, async (disk) => {
        const name = disk.path.replace(/\W/g, "_").toLowerCase();
        await onServer(async ({ sql }) => {
          await sql(`create tablespace ${name} location '${disk.path}'`);
          await sql(`create database ${name} tablespace ${name}`);
          try {
            await onDatabase(name, async (fleet) => {
              await makeSchemas(fleet, 9);
              await run(fleet, { files });
              disk.fill(3_000_000);
              const summary = await summaryOf(fleet);
              const [group] = summary.failures;
              expect(summary.failures).toHaveLength(1);
              expect(group).toMatchObject({ code: "53100", file: "tenant/V2__b.sql", line: 1 });
              expect(group?.message).toContain("Check free disk space.");
              expect(summary.counts.applied).toBeGreaterThan(0);
              expect(summary.counts.applied + summary.counts.failed).toBe(10);
              await expectExact(fleet, summary.counts.applied);
              disk.free();
              const second = await run(fleet, { files: more });
              expect(second.summary.counts).toMatchObject({ applied: summary.counts.failed, failed: 0 });
              await expectExact(fleet, 10);
            });
          } finally {
            await sql(`drop database ${name} with (force)`);
            await sql(`drop tablespace ${name}`);
          }
        });
      });
    });
  },
);

/** Runs as far as there is room; for the run's own records there may be none, which is told after the summary. */
async function summaryOf(fleet: Fleet): Promise<RunSummary> {
  const summaries: RunSummary[] = [];
  await run(fleet, { files: more, options: patient }, {}, (event) => {
    if (event.event === "summary") summaries.push(event);
  }).catch((error: unknown) => expect(String(error)).toContain("What was done stands in the history"));
  const [summary] = summaries;
  if (summary === undefined) throw new Error("The run ended without a summary.");
  return summary;
}

async function onDatabase(name: string, use: (fleet: Fleet) => Promise<void>): Promise<void> {
  const url = `${inject("postgresUrl")}/${name}`;
  const database = await openDatabase({ url, command: "test" });
  try {
    await use({
      database,
      kind: "PostgreSQL",
      url,
      sql: (text) => database.session((session) => session.script(text)),
    });
  } finally {
    await database.close();
  }
}

/** That so many schemas have all rows and say so, and that the others have none. */
async function expectExact(fleet: Fleet, done: number): Promise<void> {
  const { tenants, prototype } = await status(fleet, { files: more });
  const versions = new Map(tenants.map(({ tenant, version }) => [tenant, version]));
  versions.set("prototype", prototype?.version ?? null);
  for (const [schema, version] of versions) {
    expect(await fleet.sql(`select '${schema}' as schema, count(*)::int as rows from "${schema}".a`)).toEqual([
      { schema, rows: version === "2" ? 3000 : 0 },
    ]);
  }
  expect([...versions.values()].filter((version) => version === "2")).toHaveLength(done);
}
