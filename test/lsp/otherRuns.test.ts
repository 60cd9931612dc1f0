import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { RunEvent } from "../../server/src/protocol";
import { start } from "../cli/command";
import { folder } from "../project/folder";
import { type TestDatabase, withDatabase } from "../support/database";
import { type Client, startClient, uriOf } from "./client";

/** Goes on once the table `go` is there. */
const waiting =
  "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'go') LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;\n";
const tenants = ["acme", "globex", "initech"];

it("a run that was started elsewhere is found in the database, followed to its end, and asked to stop", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql(tenants.map((name) => `create schema ${name};`).join("\n"));
    const root = await folder({
      "tenantry.json": JSON.stringify({
        tenants: { list: tenants },
        defaultConnection: "here",
        connections: { here: { url } },
        run: { concurrency: 1 },
      }),
      "migrations/tenant/1_orders.sql": `${waiting}CREATE TABLE prototype.orders (id int);\n`,
    });
    const elsewhere = start(["run", "--format", "json"], { cwd: root });
    await elsewhere.until('"event":"stage"');
    const client = await startClient({ folders: [root], options: { trusted: true } });
    const params = { folder: uriOf(root), connection: null };
    expect(await client.request("tenantry/status", params)).toMatchObject({ ok: true });
    const found = await runsOf(client, root);
    expect(found).toMatchObject([{ connection: "here", live: true, problem: null }]);
    const [{ run } = { run: "" }] = found;
    expect(await client.request("tenantry/cancelRun", { run })).toEqual({ ok: true, value: null });
    // The first beat after the request brings it to the run, which has heard it when it sends the next.
    await beatAfter(sql, await beatAfter(sql, "stop_requested_at"));
    await sql("create table public.go ()");
    const { code, out } = await elsewhere.ended;
    expect(code).toBe(130);
    const told = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);
    for (;;) {
      const [now] = await runsOf(client, root);
      if (now?.live !== false) continue;
      expect(now.problem).toBeNull();
      expect(kindsOf(now.events)).toEqual(kindsOf(told));
      expect(now.events.at(-1)).toMatchObject({ event: "summary", stopped: "cancelled" });
      break;
    }
    expect(await client.request("tenantry/cancelRun", { run })).toMatchObject({ ok: false });
  });
});

/** Waits for the run's next sign of life. @param moment SQL @returns its time, as SQL */
async function beatAfter(sql: TestDatabase["sql"], moment: string): Promise<string> {
  for (;;) {
    const [beat] = await sql<{ at: string }>(
      `select heartbeat_at::text as at from tenantry.runs where heartbeat_at > ${moment}`,
    );
    if (beat !== undefined) return `'${beat.at}'::timestamptz`;
    await sleep(50);
  }
}

async function runsOf(client: Client, root: string) {
  const runs = await client.request("tenantry/runs", { folder: uriOf(root) });
  if (!runs.ok) throw new Error(runs.problem.message);
  return runs.value;
}

function kindsOf(events: readonly RunEvent[]): string[] {
  return events.map((event) => (event.event === "tenant" ? `${event.tenant} ${event.outcome}` : event.event));
}
