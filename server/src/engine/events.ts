import type { StrongMode } from "../model/locks";
import type { Scope } from "../model/migration";

/** How a run ended for one tenant. */
export type Outcome = "applied" | "unchanged" | "failed" | "cancelled" | "skipped";

/** The outcomes, from the one that weighs most. */
export const worstFirst: readonly Outcome[] = ["failed", "cancelled", "skipped", "applied", "unchanged"];

/** Why a tenant failed; the place is in the original file, line and column 1-based, or null where it has none. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** The tenants that failed for one and the same reason. */
export interface FailureGroup extends Failure {
  readonly tenants: readonly string[];
}

/** A lock that a stage takes on a shared table before it does anything else. */
export interface SharedLock {
  /** Left out where it is the public schema. */
  readonly schema?: string;
  readonly table: string;
  readonly mode: StrongMode;
}

/** A part of a plan: one public migration, or consecutive tenant migrations over the tenants that need them. */
export interface PlanStage {
  readonly scope: Scope;
  readonly versions: readonly string[];
  readonly tenants: readonly string[];
  readonly locks: readonly SharedLock[];
}

/** Why a plan can't be run, with the way out in the message. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Why a plan has nothing to do: there is no migration; tenant migrations have neither a tenant nor the prototype to run in; what is
 * missing is missing in schemas that are left out; of the tenants that were chosen some have no schema yet; or everything that was chosen is applied.
 */
export type WhyNothing = "no-migrations" | "no-schemas" | "left-out" | "not-created" | "applied";

export interface PlanReport {
  /** SHA-256 in hex over what would be done; a run that was confirmed for one digest does nothing else. */
  readonly digest: string;
  readonly stages: readonly PlanStage[];
  readonly refusals: readonly Refusal[];
}

/** What a run tells while it goes on, in the form of `run --format json`. */
export type RunEvent =
  | ({ readonly event: "plan"; readonly run: string } & PlanReport)
  | {
      readonly event: "stage";
      readonly stage: number;
      readonly scope: Scope;
      readonly versions: readonly string[];
      readonly tenants: number;
    }
  | TenantEvent
  | RunSummary;

export interface TenantEvent {
  readonly event: "tenant";
  /** The schema's name; the public schema's for a public migration. */
  readonly tenant: string;
  readonly scope: Scope;
  readonly outcome: Outcome;
  readonly versions: readonly string[];
  readonly milliseconds: number;
  readonly attempts: number;
  readonly error?: Failure;
}

export interface RunSummary {
  readonly event: "summary";
  readonly run: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly failures: readonly FailureGroup[];
  readonly milliseconds: number;
  /** Why the run stopped before its plan was done, or null. */
  readonly stopped: "failures" | "cancelled" | null;
}

export type TenantState =
  | "current"
  | "pending"
  | "failed"
  | "skipped"
  | "pending-creation"
  | "unknown-version"
  | "recreated"
  | "renamed";

/** `status --format json`. */
export interface StatusReport {
  readonly public: { readonly version: string | null; readonly pending: number };
  readonly prototype: { readonly version: string | null; readonly pending: number } | null;
  readonly tenants: readonly TenantStatus[];
}

export interface TenantStatus {
  readonly tenant: string;
  readonly version: string | null;
  readonly pending: number;
  readonly state: TenantState;
}
