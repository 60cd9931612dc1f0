import type { PreparedPlan } from "../../app/plan";
import type { Target } from "../../app/target";
import type { PlanStage } from "../../engine/events";
import { labelOf } from "../../engine/label";
import type { Plan } from "../../engine/plan";
import { skipText } from "../../engine/skips";
import type { Project } from "../../project/project";
import { shownPath } from "../shownPath";
import type { Style } from "../style";
import { count, few, nameText, number, visible } from "../text";
import { absentText } from "./absent";
import { refusalsText } from "./refusals";

type Files = ReadonlyMap<string, string>;

/** The plan as a page: where, what in which order, to whom, and which shared tables are locked meanwhile; or why not. */
export function planText(prepared: PreparedPlan, target: Target, style: Style): string {
  const { report, migrations, plan } = prepared;
  const lines = [style.bold(target.connection.label), ""];
  if (report.refusals.length > 0) {
    lines.push(refusalsText("This plan", report.refusals, target.project.root, style));
    return lines.join("\n");
  }
  if (report.stages.length === 0) {
    lines.push(retriedText(prepared) ?? nothingText(plan, target.project), ...notes(prepared, style));
    return lines.join("\n");
  }
  const files = new Map(
    migrations.map((migration) => [labelOf(migration), shownPath(target.project.root, migration.path)]),
  );
  report.stages.forEach((stage, index) => {
    lines.push(...stageText(plan, stage, index + 1, files, style), "");
  });
  lines.push(...notes(prepared, style), style.dim(`digest ${report.digest}`));
  return lines.join("\n");
}

function stageText(plan: Plan, stage: PlanStage, n: number, files: Files, style: Style): string[] {
  const line = (word: string, text: string) => `  ${style.dim(word.padEnd(8))}${text}`;
  const whom =
    stage.scope === "public"
      ? `once, in ${stage.tenants.map(nameText).join(", ")}`
      : `in ${count(stage.tenants.length, "schema")}, each of which is wholly done or untouched`;
  return [
    `${style.bold(`Stage ${number(n)}`)}  ${whom}`,
    ...stage.versions.map((version) => line("run", style.cyan(files.get(version) ?? version))),
    ...(stage.scope === "tenant" ? [line("order", orderText(stage.tenants, plan))] : []),
    ...(stage.transactions === undefined
      ? []
      : [
          line(
            "cut",
            `${count(stage.transactions.length, "transaction")} a schema: ${stage.transactions.map((part) => part.join(", ")).join(" | ")}`,
          ),
        ]),
    ...modes.flatMap((mode) => {
      const tables = stage.locks.filter((lock) => lock.mode === mode).map(({ table }) => visible(table));
      return tables.length === 0
        ? []
        : [line("locks", `${style.yellow(tables.join(", "))} (${mode}: ${blocked[mode]})`)];
    }),
  ];
}

/** Who goes first, and alone; everybody else follows side by side. */
function orderText(tenants: readonly string[], { state, canaries }: Plan): string {
  const leaders = new Set([...canaries].map(({ name }) => name));
  const first = tenants.filter((tenant) => tenant === state.prototype?.name);
  const alone = tenants.filter((tenant) => leaders.has(tenant));
  const rest = tenants.filter((tenant) => !first.includes(tenant) && !leaders.has(tenant));
  const parts = [
    ...first.map(nameText),
    ...(alone.length > 0 && rest.length > 0 ? [`${few(alone.map(nameText), 4)} alone`] : alone.map(nameText)),
    ...(rest.length > 6 ? [`${first.length + alone.length > 0 ? "the other" : "all"} ${number(rest.length)}`] : []),
    ...(rest.length > 0 && rest.length <= 6 ? [rest.map(nameText).join(", ")] : []),
  ];
  return parts.join(", then ");
}

const modes = ["ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE"] as const;

/** What other sessions can't do while a shared table is locked. */
const blocked = {
  "ACCESS EXCLUSIVE": "who reads or writes it waits while a schema's transaction runs",
  "SHARE ROW EXCLUSIVE": "who writes it waits while a schema's transaction runs; reading goes on",
} as const;

/** Why there is nothing to do; that everything is applied is only said where there is something. */
function nothingText({ selection, state }: Plan, { migrations, configuration }: Project): string {
  if (migrations.length === 0) return "There are no migrations yet: `tenantry new NAME` makes the first.";
  if (state.tenants.length === 0 && state.prototype === null && migrations.some(({ scope }) => scope === "tenant"))
    return `Nothing to do yet: there is neither a tenant's schema nor the prototype ${nameText(configuration.prototypeSchema)} to run migrations in.`;
  return selection.to === undefined
    ? "Nothing to do: everything is applied."
    : "Nothing to do: everything up to there is applied.";
}

/** Why there is nothing to do again; null where nothing of that kind was asked for. */
function retriedText({ retried, plan }: PreparedPlan): string | null {
  if (retried === null) return null;
  const { run } = retried;
  if (run === null) return "Nothing to retry: no run is recorded in this database.";
  const failed = run.failed.length + (run.publicFailed ? 1 : 0);
  if (failed > 0) return `Nothing to retry: what failed in the last run (${run.description}) misses nothing any more.`;
  if (run.gone.length > 0) return `Nothing to retry of the last run (${run.description}).`;
  const standing = plan.state.tenants.filter(({ failure }) => failure !== null).length;
  const more =
    standing === 0
      ? ""
      : ` ${count(standing, "tenant")} failed in a run before it: \`tenantry run\` does what ${standing === 1 ? "it misses" : "they miss"}.`;
  return `Nothing to retry: nothing failed in the last run (${run.description}).${more}`;
}

/** What takes no part, and why. */
function notes({ plan, retried }: PreparedPlan, style: Style): string[] {
  const { state, selection, skipped } = plan;
  const absent = absentText(state);
  const texts = [
    ...(absent === null ? [] : [absent]),
    ...(state.pendingCreation.length > 0 && selection.tenants === undefined
      ? [`Left out: ${few(state.pendingCreation.map(nameText), 6)}, listed, and without a schema.`]
      : []),
    ...(retried?.run?.gone ?? []).map(
      (name) => `Left out: ${nameText(name)} failed in the last run, and is no tenant any more.`,
    ),
    ...skipped.map(({ schema, skip }) => `${nameText(schema.name)}: ${visible(skipText(skip))}`),
  ];
  return texts.length === 0 ? [] : [...texts.map((text) => style.yellow(text)), ""];
}
