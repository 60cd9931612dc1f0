import type {
  FailureGroup,
  Outcome,
  PlanReport,
  PlanStage,
  Refusal,
  RunEvent,
  RunSummary,
  StatusReport,
  TenantEvent,
  TenantState,
  TenantStatus,
  WhyNothing,
} from "./engine/events";
import type { Scope } from "./model/migration";
import type { Dialect } from "./sql/dialect";

export type {
  FailureGroup,
  Outcome,
  PlanReport,
  PlanStage,
  Refusal,
  RunEvent,
  RunSummary,
  Scope,
  StatusReport,
  TenantEvent,
  TenantState,
  TenantStatus,
  WhyNothing,
};

/*
 * What the language server and the extension say to each other beyond the Language Server Protocol: method names and
 * plain data, nothing else. Folders and files are URIs as strings; a folder is a workspace folder, or the folder that
 * holds a `tenantry.json`. Positions are LSP's (0-based, UTF-16), except inside the engine's own types.
 */

/**
 * Requests that the client sends, by method. What can be foreseen to go wrong is an answer; a rejected request is a fault of the
 * program. A cancelled request is answered with kind `cancelled`.
 */
export interface ClientRequests {
  /** The workspace's folders as far as their files tell; no connection is opened. Answered in untrusted workspaces too. */
  "tenantry/folders": { params: Record<string, never>; result: Answer<FolderInfo[]> };
  /** Connects and reads the state of every tenant. */
  "tenantry/status": { params: ConnectionParams; result: Answer<FolderStatus> };
  /** The folder's history in its one order; the applied counts are null unless the connection's state was read before. */
  "tenantry/migrations": { params: ConnectionParams; result: Answer<MigrationRow[]> };
  /** Connects and works out what a run would do. Refusals are part of the plan, not a problem. */
  "tenantry/plan": { params: ConnectionParams & { selection: Selection }; result: Answer<FolderPlan> };
  /** Starts a run that outlives the window; what it does is told by `tenantry/runEvents`. */
  "tenantry/startRun": { params: StartRunParams; result: Answer<{ run: string }> };
  /** The first time, no more tenants are begun; the second time, running statements are cancelled as well. */
  "tenantry/cancelRun": { params: { run: string }; result: Answer<null> };
  /** Runs that go on (those that an earlier window started included) and, newest first, those that ended. */
  "tenantry/runs": { params: { folder: string }; result: Answer<RunInfo[]> };
  /** The SQL of a migration as it would be sent for one tenant, from the open document where there is one. No connection is opened. */
  "tenantry/preview": { params: { uri: string; tenant: string }; result: Answer<Preview> };
  /** Writes the next migration file, with its version. */
  "tenantry/newMigration": {
    params: { folder: string; name: string; scope: Scope };
    result: Answer<{ uri: string }>;
  };
  /** Writes `tenantry.json` and the folders that are missing, from what is found; an existing file is left as it is. */
  "tenantry/init": { params: { folder: string }; result: Answer<{ configuration: string; written: string[] }> };
}

/** Notifications that the client sends. */
export interface ClientNotifications {
  /** The user trusts the workspace from now on (or no longer): before that, nothing connects and no environment is read. */
  "tenantry/trust": { trusted: boolean };
  /** The password for a place, by its label, is another one from now on, or is to be forgotten: the server asks for it again. */
  "tenantry/passwordChanged": { label: string };
}

/** Requests that the server sends. */
export interface ServerRequests {
  /** Asks for a password, after the server refused what URL, environment and `.pgpass` gave. */
  "tenantry/credential": { params: CredentialRequest; result: CredentialAnswer };
}

/** Notifications that the server sends. */
export interface ServerNotifications {
  /** Something that a view shows is no longer as it was last answered. */
  "tenantry/changed": Changed;
  /** What runs did since the last notification, for all runs that the server knows of; a run's events come in order. */
  "tenantry/runEvents": RunEvents;
}

/** What `initializationOptions` holds; every key may be absent, as in other editors. */
export interface InitializationOptions {
  /** Whether connections may be opened and the environment read; false where absent. */
  readonly trusted?: boolean;
  /** The commands that code lenses may carry, each with one `MigrationArgument`; none where absent. */
  readonly codeLensCommands?: readonly CodeLensCommand[];
  /** Whether the client answers `tenantry/credential`; false where absent. */
  readonly credentials?: boolean;
}

/** *Run on all tenants*, *Preview* and *12 of 340 applied*. */
export type CodeLensCommand = "tenantry.runOnAllTenants" | "tenantry.previewSql" | "tenantry.showTenants";

/** The argument of a code lens's command: the migration that it stands over. */
export interface MigrationArgument {
  readonly folder: string;
  readonly uri: string;
  /** The migration's version, up to which is run; null for a repeatable one. */
  readonly version: string | null;
}

/** A value, or why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/**
 * `not-configured`: the folder has no `tenantry.json`. `invalid-configuration`: it has one with mistakes. `no-connection`:
 * it names none, or not this one, or an `${env:…}` has no value. `cannot-connect`: nobody answers there. `authentication`: the
 * password is wrong or was not given. `held`: another process has the embedded database. `busy`: another run is going on.
 * `changed`: what was confirmed is no longer what would be done. `refused`: the request can't be met as it was put.
 * `failed`: the database answered with an error, or something unforeseen happened.
 */
export type ProblemKind =
  | "untrusted"
  | "not-configured"
  | "invalid-configuration"
  | "no-connection"
  | "cannot-connect"
  | "authentication"
  | "held"
  | "busy"
  | "changed"
  | "refused"
  | "cancelled"
  | "failed";

/** Why something can't be done; the message is for people and says the way out. It never holds a password. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  /** The place that has to be put right, where there is one. */
  readonly place?: { readonly uri: string; readonly line: number; readonly character: number };
}

export interface ConnectionParams {
  readonly folder: string;
  /** A name in `tenantry.json`, a URL without a password, or null for the default. */
  readonly connection: string | null;
}

/** One folder as its files tell it. */
export interface FolderInfo {
  readonly folder: string;
  /** Its name for people, with as much of its path as tells it from the others. */
  readonly name: string;
  /** The `tenantry.json`, or null where there is none and defaults apply. */
  readonly configuration: string | null;
  /** What is wrong with the configuration, or null. */
  readonly problem: Problem | null;
  readonly dialect: Dialect;
  readonly publicSchema: string;
  readonly prototypeSchema: string;
  /** How many migration files were found. */
  readonly migrations: number;
  readonly connections: readonly ConnectionInfo[];
}

/** A connection that a folder can use; the first with `default` is used where none is named. */
export interface ConnectionInfo {
  readonly name: string;
  /** Where it leads, without a password; the same text as in `CredentialRequest.label`. Null where it isn't known: where it names a variable that isn't set, or may not be read in a workspace that isn't trusted. */
  readonly label: string | null;
  readonly protected: boolean;
  readonly default: boolean;
  readonly embedded: boolean;
}

/** The state of a folder's tenants on one connection. */
export interface FolderStatus extends Omit<StatusReport, "tenants"> {
  readonly connection: ConnectionInfo;
  readonly tenants: readonly TenantRow[];
}

export interface TenantRow extends TenantStatus {
  /** How the last run ended for this tenant; absent where none is recorded. */
  readonly last?: { readonly outcome: Outcome; readonly message: string | null };
}

export interface MigrationRow {
  readonly uri: string;
  readonly version: string | null;
  readonly name: string;
  readonly scope: Scope;
  /** On how many of the schemas it is for it is applied; null where that isn't known. */
  readonly applied: { readonly count: number; readonly of: number } | null;
}

/** Which part of what is pending is planned: nothing given means all of it. */
export interface Selection {
  /** Names or globs. */
  readonly tenants?: readonly string[];
  /** The last version to apply. */
  readonly to?: string;
  /** Leaves out tenants that can't be migrated (duplicates, reserved schemas) instead of refusing. */
  readonly skipInvalidTenants?: boolean;
  /** Only what failed in the last run that the database has a record of. */
  readonly retry?: boolean;
}

/** A plan, and what a person needs to read it. */
export interface FolderPlan extends PlanReport {
  readonly connection: ConnectionInfo;
  /** The plan's migrations in the order of the stages. */
  readonly migrations: readonly PlannedMigration[];
  /** How many tenants go first, alone. */
  readonly canary: number;
  /** Null where there is something to do, or the plan is refused. */
  readonly whyNothing: WhyNothing | null;
}

export interface PlannedMigration {
  /** As the stages name it. */
  readonly version: string;
  readonly name: string;
  readonly scope: Scope;
  readonly uri: string;
}

export interface StartRunParams extends ConnectionParams {
  readonly selection: Selection;
  /** The digest of the plan that was shown; the run is refused with kind `changed` where it would now do something else. */
  readonly digest: string;
  /** The connection's name as it was typed, where the connection is protected. */
  readonly confirm: string | null;
}

/** A run as far as it is known now. */
export interface RunInfo {
  readonly run: string;
  readonly folder: string;
  readonly connection: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly live: boolean;
  /** Everything that was told of it so far; a client that joins late folds these first. */
  readonly events: readonly RunEvent[];
  /** Why it ended without doing what it was asked, or null. */
  readonly problem: Problem | null;
}

export interface RunEvents {
  readonly run: string;
  readonly folder: string;
  /** How many events of the run came before these, so that none counts twice beside `RunInfo.events`. */
  readonly first: number;
  readonly events: readonly RunEvent[];
  /** Set in the last notification of a run: its process has ended, by itself (null) or with a problem. */
  readonly ended?: { readonly problem: Problem | null };
}

/** The SQL for one tenant, and what keeps it from being sure; offsets are into the migration's own text. */
export interface Preview {
  readonly sql: string;
  readonly problems: readonly { readonly message: string; readonly start: number; readonly end: number }[];
}

export interface CredentialRequest {
  readonly folder: string;
  /** The connection's name, or its URL without a password. */
  readonly connection: string;
  /** Where the password will be sent: user, host, port and database. A password is kept for this text. */
  readonly label: string;
  /** True where the password of the last answer was refused. */
  readonly retry: boolean;
}

export interface CredentialAnswer {
  /** Null where the user gave none. */
  readonly password: string | null;
}

export interface Changed {
  /** Null for all folders. */
  readonly folder: string | null;
  readonly what: readonly ("folders" | "migrations" | "status" | "runs")[];
}
