import type { PreparedPlan } from "../../app/plan";
import { durationOf, type PastDuration } from "../../engine/durations";
import type { PlanStage } from "../../engine/events";
import { labelOf } from "../../engine/label";
import { estimateLocks } from "../../engine/lockEstimate";
import { type Plan, type Stage, transactionsOf } from "../../engine/plan";
import { unitsOf } from "../../engine/units";
import { type StrongMode, strongModes } from "../../model/locks";
import type { Migration } from "../../model/migration";
import type { Style } from "../style";
import { count, duration, few, nameText, number, visible } from "../text";

/** A migration's path as it is shown; by its version alone it isn't known, where public and tenant files number on their own. */
type PathOf = (migration: Migration) => string;

/** One stage of a plan's page. */
export function stageText(prepared: PreparedPlan, index: number, pathOf: PathOf, style: Style): string[] {
  const { plan, report, past } = prepared;
  const [stage, work] = [report.stages[index], plan.stages[index]];
  if (stage === undefined || work === undefined) return [];
  const transactions = transactionsOf(work, plan.options);
  const line = (word: string, text: string) => `  ${style.dim(word.padEnd(8))}${text}`;
  const whom =
    stage.scope === "public"
      ? `once, in ${stage.tenants.map(nameText).join(", ")}`
      : `in ${count(stage.tenants.length, "schema")}${wholeText(work, plan)}`;
  return [
    `${style.bold(`Stage ${number(index + 1)}`)}  ${whom}`,
    ...work.migrations.map(({ migration }) => line("run", style.cyan(pathOf(migration)))),
    ...(stage.scope === "tenant" ? [line("order", orderText(stage.tenants, plan))] : []),
    ...statementsText(work, plan, pathOf).map((text) => line("single", text)),
    ...partsText(work).map((text) => line("of it", text)),
    ...(transactions.length < 2
      ? []
      : [
          line(
            "cut",
            `${count(transactions.length, "transaction")} a schema: ${transactions.map((part) => part.join(", ")).join(" | ")}`,
          ),
        ]),
    ...[...strongModes].reverse().flatMap((mode) => {
      const tables = stage.locks
        .filter((lock) => lock.mode === mode)
        .map(({ schema, table }) => visible(schema === undefined ? table : `${schema}.${table}`));
      return tables.length === 0
        ? []
        : [line("locks", `${style.yellow(tables.join(", "))} (${mode}: ${blocked[mode]})`)];
    }),
    ...roomText(plan, work).map((text) => line("room", text)),
    ...timeText(stage, past).map((text) => line("time", text)),
  ];
}

/** What of a schema is done as a whole, or not at all. */
function wholeText({ migrations, schemas }: Stage, { options }: Plan): string {
  const units = unitsOf(migrations, options.transaction);
  if (!units.some(({ kind }) => kind === "transaction")) return "";
  const each = schemas.length === 1 ? "which" : "each of which";
  return `, ${units.length < 2 ? each : "each transaction of which"} is wholly done or untouched`;
}

/** The files that go on where they stopped: what they have done stays done. */
function statementsText({ migrations }: Stage, { options }: Plan, pathOf: PathOf): string[] {
  const alone = unitsOf(migrations, options.transaction).filter(({ kind }) => kind === "statements");
  const paths = alone.flatMap((unit) => unit.migrations).map(({ migration }) => pathOf(migration));
  return paths.map((path) => `${path} statement by statement, outside of transactions`);
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

const noWriting = "who writes it waits while a schema's transaction runs; reading goes on";

/** What other sessions can't do while a shared table is locked. */
const blocked: Readonly<Record<StrongMode, string>> = {
  "ACCESS EXCLUSIVE": "who reads or writes it waits while a schema's transaction runs",
  EXCLUSIVE: noWriting,
  "SHARE ROW EXCLUSIVE": noWriting,
  SHARE: noWriting,
  "SHARE UPDATE EXCLUSIVE":
    "who changes its definition waits while a schema's transaction runs; reading and writing go on",
};

/** Who gets less than the whole stage: tenants don't all stand at one version. */
function partsText({ migrations, schemas }: Stage): string[] {
  const parts = new Map<string, { labels: readonly string[]; names: string[] }>();
  for (const { schema, migrations: own } of schemas) {
    if (own.length === migrations.length) continue;
    const labels = own.map(({ migration }) => labelOf(migration));
    const known = parts.get(labels.join(" "));
    if (known === undefined) parts.set(labels.join(" "), { labels, names: [schema.name] });
    else known.names.push(schema.name);
  }
  return [...parts.values()].map(({ labels, names }) => `only ${few(labels, 6)} in ${few(names.map(nameText), 4)}`);
}

/** How much of the server's room for locks the largest transaction takes. */
function roomText({ state, options }: Plan, { migrations }: Stage): string[] {
  const most = Math.max(
    0,
    ...unitsOf(migrations, options.transaction)
      .filter(({ kind }) => kind === "transaction")
      .map(estimateLocks),
  );
  return most === 0
    ? []
    : [`about ${count(most, "lock")} a transaction, of ${number(state.lockCapacity)} that the server has room for`];
}

/** How long the same took for a schema when it was done last; else how long anything did. */
function timeText({ scope, versions }: PlanStage, past: readonly PastDuration[]): string[] {
  const same = durationOf(past, versions);
  const told = same ?? (scope === "tenant" ? past.find(({ schemas }) => schemas > 1) : undefined);
  if (told === undefined) return [];
  const { median, most, schemas, on } = told;
  const each = `${duration(median)} a schema${schemas > 1 ? `, ${duration(most)} at most for 19 of 20` : ""}`;
  const what = same === null ? `${few(told.versions, 3)}, the last that was run,` : "the same";
  return [`${what} took ${each} (${count(schemas, "schema")}, ${on})`];
}
