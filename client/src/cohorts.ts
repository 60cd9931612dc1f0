import type { TenantRow, TenantState } from "../../server/src/protocol";

/** Tenants that stand at the same place: at one version of the history, or in one state that needs a look. */
export interface Cohort {
  /** Stable over refreshes. */
  readonly key: string;
  /** `version` for tenants whose history is sound, pending or not. */
  readonly state: "version" | Exclude<TenantState, "current" | "pending">;
  readonly version: string | null;
  /** The least and the greatest number of pending migrations among its tenants. */
  readonly pending: { readonly least: number; readonly most: number };
  readonly tenants: readonly TenantRow[];
}

/** Failed tenants first, then versions from the newest to the oldest, then what else needs a look. */
export function cohorts(rows: readonly TenantRow[]): Cohort[] {
  const groups = new Map<string, TenantRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups]
    .map(([key, members]) => cohort(key, members))
    .sort((a, b) => rank(a) - rank(b) || a.pending.least - b.pending.least);
}

/** A long list in parts of at most `size`, so that no level of a tree becomes unreadable; one part where it is short. */
export function parts<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function keyOf(row: TenantRow): string {
  return row.state === "current" || row.state === "pending" ? `version ${row.version ?? ""}` : row.state;
}

function cohort(key: string, tenants: readonly TenantRow[]): Cohort {
  const state = tenants[0]?.state ?? "current";
  const counts = tenants.map((row) => row.pending);
  const sound = state === "current" || state === "pending";
  return {
    key,
    state: sound ? "version" : state,
    version: sound ? (tenants[0]?.version ?? null) : null,
    pending: {
      least: counts.reduce((a, b) => Math.min(a, b), counts[0] ?? 0),
      most: counts.reduce((a, b) => Math.max(a, b), 0),
    },
    tenants,
  };
}

/** The fewer migrations are pending, the newer the version is: the order of versions needs no comparison here. */
const ranks: Record<Cohort["state"], number> = {
  failed: 0,
  version: 1,
  "unknown-version": 2,
  recreated: 3,
  renamed: 4,
  "pending-creation": 5,
  skipped: 6,
};

function rank(group: Cohort): number {
  return ranks[group.state];
}
