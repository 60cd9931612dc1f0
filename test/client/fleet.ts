import type { FolderView } from "../../client/src/folderView";
import type { FolderPlan, RunEvent, RunInfo, TenantEvent, TenantRow } from "../../server/src/protocol";

/** A folder as the language server tells it, with its tenants' state. */
export function folderView(tenants: readonly TenantRow[], change: Partial<FolderView> = {}): FolderView {
  const connection = {
    name: "sandbox",
    label: "embedded in .tenantry/sandbox",
    protected: false,
    default: true,
    embedded: true,
  };
  return {
    info: {
      folder: "file:///shop",
      name: "shop",
      configuration: "file:///shop/tenantry.json",
      problem: null,
      dialect: "postgresql",
      publicSchema: "public",
      prototypeSchema: "prototype",
      migrations: 3,
      connections: [connection],
    },
    chosen: null,
    status: {
      ok: true,
      value: {
        connection,
        public: { version: "0002", pending: 0 },
        prototype: { version: "0003", pending: 1 },
        tenants: [...tenants],
      },
    },
    migrations: null,
    reading: false,
    ...change,
  };
}

export function tenant(name: string, change: Partial<TenantRow> = {}): TenantRow {
  return { tenant: name, version: "0003", pending: 0, state: "current", ...change };
}

export function runInfo(events: readonly RunEvent[]): RunInfo {
  return {
    run: "r1",
    folder: "file:///shop",
    connection: "sandbox",
    startedAt: "2026-11-23T10:15:00.000Z",
    live: true,
    events,
    problem: null,
  };
}

/** A plan of one public migration and then one tenant migration. */
export const planReport = {
  digest: "d1",
  stages: [
    { scope: "public", versions: ["0004"], tenants: [], locks: [] },
    {
      scope: "tenant",
      versions: ["0005"],
      tenants: ["prototype", "acme", "beta", "gamma"],
      locks: [{ table: "public.plans", mode: "SHARE ROW EXCLUSIVE" }],
    },
  ],
  refusals: [],
} as const;

export const folderPlan: FolderPlan = {
  ...planReport,
  connection: { name: "production", label: "app@db:5432/shop", protected: true, default: false, embedded: false },
  migrations: [
    { version: "0004", name: "tax_rates", scope: "public", uri: "file:///shop/migrations/public/0004_tax_rates.sql" },
    { version: "0005", name: "orders", scope: "tenant", uri: "file:///shop/migrations/tenant/0005_orders.sql" },
  ],
  canary: 1,
  whyNothing: null,
};

export function ended(name: string, change: Partial<TenantEvent> = {}): TenantEvent {
  return {
    event: "tenant",
    tenant: name,
    scope: "tenant",
    outcome: "applied",
    versions: ["0005"],
    milliseconds: 5,
    attempts: 1,
    ...change,
  };
}
