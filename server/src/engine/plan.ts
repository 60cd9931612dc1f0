import { createHash } from "node:crypto";
import type { Migration, Scope } from "../model/migration";
import type { RunOptions } from "../model/runOptions";
import type { Settings } from "../model/settings";
import type { PlanReport, PlanStage, Refusal, SharedLock } from "./events";
import type { SchemaHistory } from "./history";
import { labelOf } from "./label";
import type { PreparedMigration } from "./prepare";
import { planRefusals, recreatedText } from "./refusals";
import type { Selection } from "./selection";
import { mergeLocks } from "./sharedLocks";
import { skipText } from "./skips";
import type { FleetState, SchemaState } from "./state";
import { missingBySchema, targetsOf, withinSelection } from "./targets";
import { unitsOf } from "./units";

/** Everything that a run would do, worked out before anything is done. */
export interface Plan {
  readonly report: PlanReport;
  readonly stages: readonly Stage[];
  /** The selected schemas that need nothing. */
  readonly unchanged: readonly string[];
  /** The selected tenants that are left out, and what they lack. */
  readonly leftOut: readonly LeftOut[];
  /** The tenants that go first, one by one; those that need nothing have proved what they were to prove. */
  readonly canaries: ReadonlySet<SchemaState>;
  readonly state: FleetState;
  readonly settings: Settings;
  readonly options: RunOptions;
  readonly selection: Selection;
}

/** A tenant that is left out: on purpose, until that is taken back, or because nobody knows what is in it. */
export interface LeftOut {
  readonly schema: SchemaState;
  readonly code: "skipped" | "recreated-tenant";
  /** For people. */
  readonly reason: string;
  readonly missing: readonly Migration[];
}

/** One public migration, or consecutive tenant migrations over the schemas that need any of them. */
export interface Stage {
  readonly scope: Scope;
  readonly migrations: readonly PreparedMigration[];
  readonly schemas: readonly StageSchema[];
  /** The shared tables that each transaction locks before anything else. */
  readonly locks: readonly SharedLock[];
}

/** What one schema needs of a stage; schemas with one history share one list. */
export interface StageSchema {
  readonly schema: SchemaState;
  readonly migrations: readonly PreparedMigration[];
}

export interface PlanInput {
  readonly state: FleetState;
  /** The one history, in its order. */
  readonly migrations: readonly Migration[];
  /** At least the migrations that `neededPaths` names, by path. */
  readonly prepared: ReadonlyMap<string, PreparedMigration>;
  /** What is wrong with the needed files themselves, such as diagnostics of severity error. */
  readonly findings: readonly Refusal[];
  readonly settings: Settings;
  readonly options: RunOptions;
  readonly selection: Selection;
}

/** Works out what a run would do, or why it can't. */
export function makePlan(input: PlanInput): Plan {
  const { state, settings, options, selection } = input;
  const reached = withinSelection(state, input.migrations, selection);
  const targets = targetsOf(state, selection);
  const missing = missingBySchema(reached, "tenant");
  const publicMissing = missingBySchema(reached, "public")(state.public);
  const stages = cutStages(input, reached, publicMissing, targets.schemas, missing);
  const refusals = planRefusals(input, stages, targets, missing, publicMissing);
  const report = {
    digest: digestOf(state, options, stages),
    stages: stages.map(stageReport),
    refusals,
  };
  const unchanged = targets.schemas.filter((schema) => missing(schema).length === 0).map(({ name }) => name);
  const leftOut = [
    ...targets.skipped.flatMap((schema): LeftOut[] => {
      const skip = state.skips.get(schema.name);
      return skip === undefined ? [] : [{ schema, code: "skipped", reason: skipText(skip), missing: missing(schema) }];
    }),
    ...targets.recreated.map((schema): LeftOut => {
      const reason = `Left out: ${recreatedText([schema])}`;
      return { schema, code: "recreated-tenant", reason, missing: missing(schema) };
    }),
  ];
  // What is tried again has had its canaries: those of the whole fleet.
  const fleet = selection.onlyFailed === undefined ? targets : targetsOf(state, {});
  const tenants = fleet.schemas.filter((schema) => schema !== state.prototype);
  const canaries = new Set(tenants.slice(0, options.canary));
  return { report, stages, unchanged, leftOut, canaries, state, settings, options, selection };
}

/** Why a plan isn't the one that was confirmed, or null where it is. */
export function checkDigest(plan: Plan, digest: string): Refusal | null {
  if (plan.report.digest === digest) return null;
  return {
    code: "plan-changed",
    message:
      "What would be done now is no longer what was confirmed: files, tenants or their state have changed since. Look at the plan again and confirm it.",
  };
}

function cutStages(
  { prepared, state }: PlanInput,
  migrations: readonly Migration[],
  publicMissing: readonly Migration[],
  schemas: readonly SchemaState[],
  missing: (schema: SchemaState) => readonly Migration[],
): Stage[] {
  const needed = new Set([...publicMissing, ...new Set(schemas.map(missing))].flat());
  const groups: { scope: Scope; migrations: PreparedMigration[] }[] = [];
  for (const migration of migrations) {
    if (!needed.has(migration)) continue;
    const ready = prepared.get(migration.path);
    if (ready === undefined) throw new Error(`The migration ${migration.path} is needed and wasn't prepared.`);
    const last = groups.at(-1);
    if (migration.scope === "tenant" && last?.scope === "tenant") last.migrations.push(ready);
    else groups.push({ scope: migration.scope, migrations: [ready] });
  }
  return groups.map(({ scope, migrations: group }) => {
    const whom = scope === "tenant" ? partsOf(group, schemas, missing) : publicPart(group, state.public);
    return { scope, migrations: group, schemas: whom, locks: mergeLocks(group.flatMap(({ locks }) => locks)) };
  });
}

function publicPart(group: readonly PreparedMigration[], schema: SchemaState | null): StageSchema[] {
  return schema === null ? [] : [{ schema, migrations: group }];
}

function partsOf(
  group: readonly PreparedMigration[],
  schemas: readonly SchemaState[],
  missing: (schema: SchemaState) => readonly Migration[],
): StageSchema[] {
  const parts = new Map<SchemaHistory, readonly PreparedMigration[]>();
  return schemas.flatMap((schema) => {
    let migrations = parts.get(schema.history);
    if (migrations === undefined) {
      const lacking = new Set(missing(schema));
      migrations = group.filter(({ migration }) => lacking.has(migration));
      parts.set(schema.history, migrations);
    }
    return migrations.length === 0 ? [] : [{ schema, migrations }];
  });
}

function stageReport(stage: Stage): PlanStage {
  return {
    scope: stage.scope,
    versions: labelsOf(stage.migrations),
    tenants: stage.schemas.map(({ schema }) => schema.name),
    locks: stage.locks,
  };
}

/** Where a schema's part of a stage is cut into transactions: the versions of each. */
export function transactionsOf({ migrations }: Stage, options: RunOptions): (readonly string[])[] {
  return unitsOf(migrations, options.transaction).map((unit) => labelsOf(unit.migrations));
}

function labelsOf(migrations: readonly PreparedMigration[]): string[] {
  return migrations.map(({ migration }) => labelOf(migration));
}

/** Over what is done, to whom, where, and how; not over how fast. */
function digestOf(state: FleetState, options: RunOptions, stages: readonly Stage[]): string {
  const { transaction, role, searchPath } = options;
  const what = stages.map(({ scope, schemas }) => [
    scope,
    schemas.map(({ schema, migrations }) => [
      schema.name,
      schema.id,
      migrations.map(({ migration }) => [labelOf(migration), migration.checksum]),
    ]),
  ]);
  const text = JSON.stringify([state.database, state.copiedFrom, transaction, role, searchPath, what]);
  return createHash("sha256").update(text).digest("hex");
}
