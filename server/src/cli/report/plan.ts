import type { PreparedPlan } from "../../app/plan";
import type { Target } from "../../app/target";
import type { PlanStage, Refusal } from "../../engine/events";
import { labelOf } from "../../engine/label";
import type { Configuration } from "../../project/configuration";
import { placeText, shownPath } from "../shownPath";
import type { Style } from "../style";
import { count, few, number, visible } from "../text";

type Files = ReadonlyMap<string, string>;

/** The plan as a page: where, what in which order, to whom, and which shared tables are locked meanwhile; or why not. */
export function planText({ report, migrations }: PreparedPlan, target: Target, style: Style): string {
  const lines = [style.bold(target.connection.label), ""];
  if (report.refusals.length > 0) {
    lines.push(style.red(`This plan is refused, for ${count(report.refusals.length, "reason")}:`));
    lines.push(...report.refusals.map((refusal) => refusalText(refusal, target.project.root, style)));
    return lines.join("\n");
  }
  if (report.stages.length === 0) {
    lines.push("Nothing to do: everything is applied.");
    return lines.join("\n");
  }
  const files = new Map(
    migrations.map((migration) => [labelOf(migration), shownPath(target.project.root, migration.path)]),
  );
  report.stages.forEach((stage, index) => {
    lines.push(...stageText(stage, index + 1, target, files, style), "");
  });
  lines.push(style.dim(`digest ${report.digest}`));
  return lines.join("\n");
}

function stageText(stage: PlanStage, n: number, { project }: Target, files: Files, style: Style): string[] {
  const line = (word: string, text: string) => `  ${style.dim(word.padEnd(8))}${text}`;
  const whom =
    stage.scope === "public"
      ? `once, in ${stage.tenants.map(visible).join(", ")}`
      : `in ${count(stage.tenants.length, "schema")}, each of which is wholly done or untouched`;
  return [
    `${style.bold(`Stage ${number(n)}`)}  ${whom}`,
    ...stage.versions.map((version) => line("run", style.cyan(files.get(version) ?? version))),
    ...(stage.scope === "tenant" ? [line("order", orderText(stage.tenants, project.configuration))] : []),
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
function orderText(tenants: readonly string[], { prototypeSchema, run }: Configuration): string {
  const first = tenants.includes(prototypeSchema) ? [prototypeSchema] : [];
  const others = tenants.filter((tenant) => tenant !== prototypeSchema);
  const canaries = others.slice(0, run.canary);
  const rest = others.slice(run.canary);
  const parts = [
    ...first.map(visible),
    ...(canaries.length > 0 && rest.length > 0 ? [`${few(canaries.map(visible), 4)} alone`] : canaries.map(visible)),
    ...(rest.length > 0 ? [rest.length > 6 ? `the other ${number(rest.length)}` : rest.map(visible).join(", ")] : []),
  ];
  return parts.join(", then ");
}

const modes = ["ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE"] as const;

/** What other sessions can't do while a shared table is locked. */
const blocked = {
  "ACCESS EXCLUSIVE": "who reads or writes it waits while a schema's transaction runs",
  "SHARE ROW EXCLUSIVE": "who writes it waits while a schema's transaction runs; reading goes on",
} as const;

function refusalText(refusal: Refusal, root: string, style: Style): string {
  const place = placeText(root, refusal);
  const at = place === null ? "" : `\n  at ${style.bold(place)}`;
  return `\n  ${visible(refusal.message)} ${style.dim(`(${refusal.code})`)}${at}`;
}
