import type { PreparedPlan } from "../../app/plan";
import type { Target } from "../../app/target";
import { whyNothing } from "../../app/whyNothing";
import type { WhyNothing } from "../../engine/events";
import type { Plan } from "../../engine/plan";
import { absentOf } from "../../engine/targets";
import type { Migration } from "../../model/migration";
import type { Project } from "../../project/project";
import { quoteIdentifier } from "../../sql/quote";
import { shownPath } from "../shownPath";
import type { Style } from "../style";
import { count, few, nameText, visible } from "../text";
import { absentText, firstTenantText } from "./absent";
import { stageText } from "./planStage";
import { refusalsText } from "./refusals";

/** The plan as a page: where, what in which order, to whom, and which shared tables are locked meanwhile; or why not. */
export function planText(prepared: PreparedPlan, target: Target, style: Style): string {
  const { report, plan } = prepared;
  const lines = [style.bold(target.connection.label), ""];
  if (report.refusals.length > 0) {
    lines.push(refusalsText("This plan", report.refusals, target.project.root, style));
    return lines.join("\n");
  }
  if (report.stages.length === 0) {
    lines.push(retriedText(prepared) ?? nothingText(plan, target.project), ...notes(prepared, target.project, style));
    return lines.join("\n").trimEnd();
  }
  const pathOf = ({ path }: Migration) => shownPath(target.project.root, path);
  plan.stages.forEach((_, index) => {
    lines.push(...stageText(prepared, index, pathOf, style), "");
  });
  lines.push(...notes(prepared, target.project, style), ...surroundings(target), style.dim(`digest ${report.digest}`));
  return lines.join("\n");
}

/** Why there is nothing to do. */
function nothingText(plan: Plan, { migrations, configuration }: Project): string {
  const applied = plan.selection.to === undefined ? "everything is applied" : "everything up to there is applied";
  const texts: Record<WhyNothing, string> = {
    "no-migrations": "There are no migrations yet: `tenantry new NAME` makes the first.",
    "no-schemas": `Nothing to do yet: there is neither a tenant's schema nor that of the prototype (${nameText(configuration.prototypeSchema)}) to run migrations in.`,
    "left-out": "Nothing to do: what is missing is missing where it is left out.",
    "not-created": "Nothing to do yet: what still misses migrations has no schema.",
    applied: `Nothing to do: ${applied}.`,
  };
  return texts[whyNothing(plan, migrations)];
}

/** What a run can't do that its person may count on. */
function surroundings({ database: { abilities } }: Target): string[] {
  return abilities.sessions > 1
    ? []
    : [
        "The embedded database has one session: one schema follows the other, no statement is ended by a timeout, and cancelling a statement ends the database's thread.",
        "",
      ];
}

/** Why there is nothing to do again; null where nothing of that kind was asked for. */
function retriedText({ retried, plan }: PreparedPlan): string | null {
  if (retried === null) return null;
  const { run } = retried;
  if (run === null) return "Nothing to retry: no run is recorded in this database.";
  const failed = run.failed.length + (run.publicFailed ? 1 : 0);
  if (failed > 0) return `Nothing to retry: what failed in the last run (${run.description}) misses nothing any more.`;
  if (run.state === "running")
    return `Nothing to retry yet: the last run (${run.description}) goes on, and nothing has failed in it so far.`;
  if (run.state === "lost")
    return `Nothing to retry: the last run (${run.description}) broke off, and no failure in it is on record. \`tenantry run\` does what is missing.`;
  if (run.gone.length > 0) return `Nothing to retry of the last run (${run.description}).`;
  const standing = plan.state.tenants.filter(({ failure }) => failure !== null).length;
  const more =
    standing === 0
      ? ""
      : ` ${count(standing, "tenant")} failed in a run before it: \`tenantry run\` does what ${standing === 1 ? "it misses" : "they miss"}.`;
  return `Nothing to retry: nothing failed in the last run (${run.description}).${more}`;
}

function pastText({ prototypeSchema, dialect }: Project["configuration"]): string {
  return `This brings the shared tables past tenant migrations while there is no schema to take them: what is made later would be refused as behind. Make the prototype first, then tenants can be made from it at any time: create schema ${quoteIdentifier(prototypeSchema, dialect)};`;
}

/** Whether shared tables move on past tenant migrations that no schema is there to take. */
function goesPastTenants({ state, stages }: Plan, migrations: readonly Migration[]): boolean {
  if (state.tenants.length > 0 || state.prototype !== null) return false;
  const first = migrations.findIndex(({ scope, version }) => scope === "tenant" && version !== null);
  const last = migrations.findLastIndex(({ path }) =>
    stages.some((stage) => stage.migrations.some(({ migration }) => migration.path === path)),
  );
  return first !== -1 && last > first;
}

/** What takes no part, and why. */
function notes({ plan, retried }: PreparedPlan, project: Project, style: Style): string[] {
  const { migrations, configuration } = project;
  const { state, selection, leftOut } = plan;
  const missing = absentOf(state, selection);
  const absent = absentText(state);
  const first = absent === null ? null : firstTenantText(state, project);
  const texts = [
    ...(absent === null ? [] : [absent]),
    ...(goesPastTenants(plan, migrations) ? [pastText(configuration)] : first === null ? [] : [first]),
    ...(missing.length > 0 ? [`Left out: ${few(missing.map(nameText), 6)}, listed, and without a schema.`] : []),
    ...(retried?.run?.gone ?? []).map(
      (name) => `Left out: ${nameText(name)} failed in the last run, and is no tenant any more.`,
    ),
    ...leftOut.map(({ schema, code, reason }) =>
      code === "skipped" ? `${nameText(schema.name)}: ${visible(reason)}` : visible(reason),
    ),
  ];
  return texts.length === 0 ? [] : [...texts.map((text) => style.yellow(text)), ""];
}
