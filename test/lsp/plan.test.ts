import { expect, it } from "vitest";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

it.each([
  ["no-migrations", {}],
  ["no-schemas", { "migrations/tenant/1_a.sql": "CREATE TABLE prototype.a (id int);" }],
  [null, { "migrations/public/1_a.sql": "CREATE TABLE public.a (id int);" }],
  [null, { "migrations/public/1_a.sql": "CREATE TABLE;" }],
])(
  "a plan for a database with no schema of the project's says why it has nothing to do: %s",
  async (whyNothing, files) => {
    const root = await folder({
      "tenantry.json": `{
      "tenants": { "pattern": "tenant_*" },
      "connections": { "here": { "url": "embedded:memory" } },
      "defaultConnection": "here"
    }`,
      ...files,
    });
    const client = await startClient({ folders: [root], options: { trusted: true } });
    const plan = await client.request("tenantry/plan", { folder: uriOf(root), connection: null, selection: {} });
    expect(plan).toMatchObject({ ok: true, value: { whyNothing } });
  },
);
