/** How a plan is run, as `run` in `tenantry.json` says. Times are milliseconds. */
export interface RunOptions {
  readonly concurrency: "auto" | number;
  /** How many tenants run alone, before all others. */
  readonly canary: number;
  readonly lockTimeout: number;
  /** 0 for none. */
  readonly statementTimeout: number;
  /** How often a tenant tries again after a wait for a lock, a deadlock or a serialisation failure. */
  readonly retries: number;
  readonly maxFailures: { readonly count: number } | { readonly percent: number } | "none";
  /** What is committed together: all that a tenant needs, or each migration. */
  readonly transaction: "tenant" | "migration";
  /** What a second run in the same database does meanwhile: nothing, or a share of the work. */
  readonly concurrentRuns: "refuse" | "share";
  readonly outOfOrder: "refuse" | "apply";
  readonly role: string | null;
  /** The schemas that follow the tenant's own. */
  readonly searchPath: "auto" | readonly string[];
}
