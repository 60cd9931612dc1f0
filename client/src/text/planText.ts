import type { FolderPlan, PlanStage, Refusal, WhyNothing } from "../../../server/src/protocol";
import { wrap } from "./runText";
import { firstOf, migrations, type Translate, tenants } from "./translate";

/** The whole plan as a page to read: what, on whom, in which order, under which locks. */
export function planText(plan: FolderPlan, prototypeSchema: string, t: Translate): string {
  const lines = [t("Plan for {0}", connectionText(plan)), ""];
  if (plan.refusals.length > 0)
    lines.push(t("This plan can't be run as it stands:"), "", ...plan.refusals.map(refusal), "");
  lines.push(headline(plan, prototypeSchema, t), "");
  plan.stages.forEach((stage, index) => {
    lines.push(t("Stage {0} of {1}: {2}", index + 1, plan.stages.length, audience(stage, prototypeSchema, t)));
    for (const version of stage.versions) lines.push(`    ${migrationName(plan, stage, version)}`);
    if (stage.locks.length > 0) lines.push(`    ${t("locks shared tables first: {0}", locks(stage))}`);
    if (stage.scope === "tenant") lines.push(...order(plan, stage, prototypeSchema, t).map((line) => `    ${line}`));
    lines.push("");
  });
  if (plan.stages.length > 0)
    lines.push(t("Digest {0}: a run that was confirmed for it does nothing else.", plan.digest), "");
  return lines.join("\n");
}

/** Why there is nothing to run, and what to do where nothing ever was. */
export function nothingText(plan: FolderPlan, why: WhyNothing, prototypeSchema: string, t: Translate): string {
  const { name } = plan.connection;
  const texts: Record<WhyNothing, string> = {
    "no-migrations": t("Nothing to run on {0}: there are no migrations yet.", name),
    "no-schemas": t(
      "Nothing to run on {0}: it has neither a tenant's schema nor the prototype schema {1}. Make one of them, empty: by CREATE SCHEMA in a public migration that stands before the first tenant migration, in your usual client, or in a file for `tenantry sql FILE`.",
      name,
      prototypeSchema,
    ),
    "left-out": t("Nothing to run on {0}: what is missing is missing where it is left out.", name),
    "not-created": t("Nothing to run on {0}: what still misses migrations has no schema yet.", name),
    applied: t("Nothing to run on {0}: everything chosen is up to date.", name),
  };
  return texts[why];
}

/** The question that is put before a run. */
export function confirmText(plan: FolderPlan, prototypeSchema: string, t: Translate): string {
  const count = plannedTenants(plan, prototypeSchema).size;
  const what = migrations(plan.migrations.length, t);
  const { name } = plan.connection;
  if (count > 0) return t("Run {0} on {1} of {2}?", what, tenants(count, t), name);
  const prototype = plan.stages.some((stage) => stage.scope === "tenant");
  return prototype
    ? t("Run {0} on the prototype of {1}?", what, name)
    : t("Run {0} on the public schema of {1}?", what, name);
}

/** What a person should know before answering that question, in a few lines. */
export function confirmDetail(plan: FolderPlan, prototypeSchema: string, t: Translate): string {
  const lines = plan.stages.flatMap((stage, index) => [
    t("Stage {0}: {1}", index + 1, audience(stage, prototypeSchema, t)),
    `    ${firstOf(
      stage.versions.map((version) => migrationName(plan, stage, version)),
      5,
      t,
    )}`,
    ...(stage.locks.length > 0 ? [`    ${t("locks shared tables first: {0}", locks(stage))}`] : []),
  ]);
  const names = [...plannedTenants(plan, prototypeSchema)];
  if (names.length > 0) lines.push("", t("Tenants: {0}", firstOf(names, 8, t)));
  if (plan.connection.label !== null) lines.push(t("Database: {0}", plan.connection.label));
  lines.push("", t("The whole plan is open in the editor."));
  return lines.join("\n");
}

/** The tenants that a plan does something for, in its order; the prototype is not one. */
export function plannedTenants(plan: Pick<FolderPlan, "stages">, prototypeSchema: string): Set<string> {
  const names = plan.stages.filter((stage) => stage.scope === "tenant").flatMap((stage) => stage.tenants);
  return new Set(names.filter((name) => name !== prototypeSchema));
}

function headline(plan: FolderPlan, prototypeSchema: string, t: Translate): string {
  if (plan.stages.length === 0) return t("Nothing is pending.");
  const count = plannedTenants(plan, prototypeSchema).size;
  return `${migrations(plan.migrations.length, t)}, ${tenants(count, t)}.`;
}

function audience(stage: PlanStage, prototypeSchema: string, t: Translate): string {
  if (stage.scope === "public") return t("the public schema, once");
  const count = stage.tenants.filter((name) => name !== prototypeSchema).length;
  if (count === stage.tenants.length) return tenants(count, t);
  return count === 0 ? t("the prototype") : t("the prototype and {0}", tenants(count, t));
}

/** Who comes first, and then all others, each named once. */
function order(plan: FolderPlan, stage: PlanStage, prototypeSchema: string, t: Translate): string[] {
  const names = stage.tenants.filter((name) => name !== prototypeSchema);
  const canaries = plan.canary < names.length ? Math.max(0, plan.canary) : 0;
  const alone = names.slice(0, canaries).join(", ");
  const lines: string[] = [];
  if (names.length < stage.tenants.length) lines.push(t("first: {0}", prototypeSchema));
  if (canaries > 0) lines.push(lines.length > 0 ? t("then alone: {0}", alone) : t("first, alone: {0}", alone));
  const others = names.slice(canaries);
  const isAfter = lines.length > 0 && others.length > 0;
  return [...lines, ...(isAfter ? [t("then all others:")] : []), ...wrap(others, 100)];
}

function locks(stage: PlanStage): string {
  return stage.locks
    .map(({ schema, table, mode }) => `${schema === undefined ? table : `${schema}.${table}`} (${mode})`)
    .join(", ");
}

/** Public and tenant files may number on their own. */
function migrationName(plan: FolderPlan, { scope }: PlanStage, version: string): string {
  const migration = plan.migrations.find((candidate) => candidate.scope === scope && candidate.version === version);
  return migration ? `${version} ${migration.name}` : version;
}

function connectionText(plan: FolderPlan): string {
  const { name, label } = plan.connection;
  return label === null || label === name ? name : `${name} (${label})`;
}

function refusal(refused: Refusal): string {
  const place = [refused.file, refused.line, refused.column].filter((part) => part !== undefined).join(":");
  return place === "" ? `  - ${refused.message}` : `  - ${refused.message}\n    ${place}`;
}
