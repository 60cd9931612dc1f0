import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CredentialRequest, RunInfo } from "../../server/src/protocol";
import { folder } from "../project/folder";
import { withDatabase } from "../support/database";
import { type Client, startClient, uriOf } from "./client";

const environmentFolder = (url: string) => ({
  "tenantry.json": JSON.stringify({
    tenants: { list: ["acme", "globex"] },
    defaultConnection: "here",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own way to name a variable.
    connections: { here: { url: "${env:SHOP_URL}" } },
  }),
  ".env": `SHOP_URL=${url}\n`,
  "migrations/public/1_plans.sql": "CREATE TABLE public.plans (id int);\n",
  "migrations/tenant/2_orders.sql": "CREATE TABLE prototype.orders (id int);\n",
});

/** Goes on once the table `go` is there. A session that has once looked for it by its name alone would not hear of it. */
const waiting =
  "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'go') LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;";

it("nothing connects and no environment is read before the workspace is trusted", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create schema prototype; create schema acme; create schema globex");
    const root = await folder(environmentFolder(url));
    const client = await startClient({ folders: [root] });
    const params = { folder: uriOf(root), connection: null };
    const refused = { ok: false, problem: { kind: "untrusted", message: expect.stringContaining("isn't trusted") } };
    expect(await client.request("tenantry/status", params)).toMatchObject(refused);
    expect(await client.request("tenantry/plan", { ...params, selection: {} })).toMatchObject(refused);
    const run = { ...params, selection: {}, digest: "", confirm: null };
    expect(await client.request("tenantry/startRun", run)).toMatchObject(refused);
    // That no folder is named has nothing to do with trust.
    const nameless = await client.request("tenantry/status", { connection: null } as never);
    expect(nameless).toMatchObject({
      ok: false,
      problem: { kind: "refused", message: expect.stringContaining("names no folder") },
    });
    await client.notify("tenantry/trust", { trusted: true });
    expect(await client.request("tenantry/status", params)).toMatchObject({
      ok: true,
      value: { tenants: [{ tenant: "acme", state: "pending" }, { tenant: "globex" }] },
    });
    await client.notify("tenantry/trust", { trusted: false });
    expect(await client.request("tenantry/status", params)).toMatchObject(refused);
  });
});

it("a run outlives its server, shows no password, and is read by the next server", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create schema prototype; create schema acme; create schema globex");
    const address = new URL(url);
    const password = decodeURIComponent(address.password);
    address.password = "";
    const files = environmentFolder(address.href);
    const root = await folder({
      ...files,
      "migrations/tenant/2_orders.sql": `${waiting}\nCREATE TABLE prototype.orders (id int);\n`,
    });
    const surroundings = {
      folders: [root],
      options: { trusted: true, credentials: true },
      env: { XDG_STATE_HOME: await folder(), LOCALAPPDATA: await folder() },
    };
    const first = await startClient(surroundings);
    first.connection.onRequest("tenantry/credential", () => ({ password }));
    const params = { folder: uriOf(root), connection: null, selection: {} };
    const plan = await first.request("tenantry/plan", params);
    if (!plan.ok) throw new Error(plan.problem.message);
    const started = await first.request("tenantry/startRun", { ...params, digest: plan.value.digest, confirm: null });
    expect(started).toMatchObject({ ok: true });
    if (process.platform === "linux") expect(processesThatShow(root, password)).toEqual({ runs: 1, telling: 0 });
    first.process.kill("SIGKILL");
    await first.ended;

    const next = await startClient(surroundings);
    expect((await runsOf(next, root))[0]).toMatchObject({ live: true });
    const ended = new Promise((done) =>
      next.connection.onNotification("tenantry/runEvents", (told) => {
        if (told.ended) done(told.ended);
      }),
    );
    await sql("create table public.go ()");
    expect(await ended).toEqual({ problem: null });
    const [run] = await runsOf(next, root);
    expect(run?.events.at(-1)).toMatchObject({ event: "summary" });
    expect(await sql("select count(*)::int as made from pg_tables where tablename = 'orders'")).toEqual([{ made: 3 }]);
  });
});

it("a run that could leave no trace on this machine isn't begun, and it is said why", async () => {
  const root = await folder({
    "tenantry.json": '{ "connections": { "here": { "url": "embedded:memory" } }, "defaultConnection": "here" }',
    state: "",
  });
  const state = join(root, "state");
  const client = await startClient({
    folders: [root],
    options: { trusted: true },
    env: { XDG_STATE_HOME: state, LOCALAPPDATA: state },
  });
  const params = { folder: uriOf(root), connection: null, selection: {}, digest: "", confirm: null };
  expect(await client.request("tenantry/startRun", params)).toMatchObject({
    ok: false,
    problem: { kind: "refused", message: expect.stringContaining(`Nothing was run: ${state}`) },
  });
});

it("a password is asked for once, and again after the client has said that it is another one", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create schema prototype; create schema acme; create schema globex");
    const address = new URL(url);
    const password = decodeURIComponent(address.password);
    address.password = "";
    const root = await folder(environmentFolder(address.href));
    const client = await startClient({ folders: [root], options: { trusted: true, credentials: true } });
    const asked: CredentialRequest[] = [];
    client.connection.onRequest("tenantry/credential", (request: CredentialRequest) => {
      asked.push(request);
      return { password };
    });
    const params = { folder: uriOf(root), connection: null };
    for (let time = 0; time < 2; time++)
      expect(await client.request("tenantry/status", params)).toMatchObject({ ok: true });
    expect(asked).toMatchObject([{ retry: false }]);
    // Whoever sets a password beforehand has to keep it where it will be looked for, though the URL stands in a variable.
    const told = await client.request("tenantry/folders", {});
    expect(told).toMatchObject({ value: [{ connections: [{ name: "here", label: asked[0]?.label }] }] });
    await client.notify("tenantry/passwordChanged", { label: asked[0]?.label ?? "" });
    expect(await client.request("tenantry/status", params)).toMatchObject({ ok: true });
    expect(asked).toMatchObject([{ retry: false }, { retry: false }]);
  });
});

async function runsOf(client: Client, root: string): Promise<readonly RunInfo[]> {
  const runs = await client.request("tenantry/runs", { folder: uriOf(root) });
  return runs.ok ? runs.value : [];
}

/** How many processes work in a folder as runs, and how many of these show a text in their arguments or environment. */
function processesThatShow(root: string, secret: string): { runs: number; telling: number } {
  const shown = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readProcess(pid))
    .filter((text) => text.includes(`--config=${join(root, "tenantry.json")}`));
  return { runs: shown.length, telling: shown.filter((text) => text.includes(secret)).length };
}

function readProcess(pid: string): string {
  try {
    return `${readFileSync(`/proc/${pid}/cmdline`, "utf8")} ${readFileSync(`/proc/${pid}/environ`, "utf8")}`;
  } catch {
    // A process that has ended meanwhile, or is another user's.
    return "";
  }
}
