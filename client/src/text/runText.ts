import type { FailureGroup, Outcome, TenantEvent } from "../../../server/src/protocol";
import type { RunState } from "../runState";
import { duration, number, type Translate, tenants } from "./translate";

/** Where a run stands, in one line: `Stage 2 of 3: 12 of 25 tenants, 1 failed`. */
export function progressText(state: RunState, t: Translate): string {
  if (state.stage === 0) return t("Connecting…");
  const stages = state.plan?.stages ?? [];
  const stage = stages[state.stage - 1];
  const where = stage?.scope === "public" ? t("public schema") : doneOf(state, t);
  const text = stages.length > 1 ? t("Stage {0} of {1}: {2}", state.stage, stages.length, where) : where;
  return state.failed > 0 ? `${text}, ${t("{0} failed", number(state.failed))}` : text;
}

/** How far the whole run is, from 0 to 1. */
export function progressShare(state: RunState): number {
  const sizes = (state.plan?.stages ?? []).map((stage) => (stage.scope === "tenant" ? stage.tenants.length : 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0 || state.stage === 0) return 0;
  const before = sizes.slice(0, state.stage - 1).reduce((sum, size) => sum + size, 0);
  const current = sizes[state.stage - 1] ?? 0;
  return (before + current * Math.min(1, state.stageDone / Math.max(state.stageSize, 1))) / total;
}

/** How a run ended, in one or two sentences for a notification. */
export function summaryText(state: RunState, t: Translate): string {
  return state.summary ? `${state.connection}: ${endText(state, t)}` : endText(state, t);
}

/** The same without the connection's name. */
export function endText(state: RunState, t: Translate): string {
  if (!state.summary) return state.problem?.message ?? t("The run ended without a summary; its log may say why.");
  const counts = countTenants(state);
  const parts: string[] = [];
  if (counts.applied > 0) parts.push(t("Applied on {0}", tenants(counts.applied, t)));
  if (counts.unchanged > 0) parts.push(t("unchanged on {0}", tenants(counts.unchanged, t)));
  if (counts.failed > 0) parts.push(t("failed on {0}", tenants(counts.failed, t)));
  for (const { tenant } of state.sharedFailures) parts.push(t("failed on {0}", tenant));
  if (counts.cancelled > 0) parts.push(t("cancelled on {0}", tenants(counts.cancelled, t)));
  const left = [...state.stagesLeft.keys()].filter((name) => !state.outcomes.has(name)).length;
  if (left > 0) parts.push(t("not begun on {0}", number(left)));
  if (parts.length === 0) parts.push(t("Applied"));
  const text = t("{0} in {1}.", parts.join(", "), duration(state.summary.milliseconds, t));
  if (state.summary.stopped === "failures") return `${text} ${t("The run stopped because of the failures.")}`;
  if (state.summary.stopped === "cancelled") return `${text} ${t("The run was cancelled.")}`;
  return text;
}

/** Whether a run did all that it was asked. */
export function isSuccess(state: RunState): boolean {
  return state.problem === null && state.failed === 0 && state.summary !== null && state.summary.stopped === null;
}

/** Whether a run was asked to stop, and nothing is wrong with it. */
export function isCancelled(state: RunState): boolean {
  return state.problem === null && state.failed === 0 && state.summary?.stopped === "cancelled";
}

/** How many tenants ended how. */
function countTenants(state: RunState): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { applied: 0, unchanged: 0, failed: 0, cancelled: 0, skipped: 0 };
  for (const event of state.outcomes.values()) counts[event.outcome] += 1;
  return counts;
}

/** One outcome in a word. */
export function outcomeText(outcome: Outcome, t: Translate): string {
  const words: Record<Outcome, string> = {
    applied: t("applied"),
    unchanged: t("unchanged"),
    failed: t("failed"),
    cancelled: t("cancelled"),
    skipped: t("skipped"),
  };
  return words[outcome];
}

/** Why a run failed, one group of equal failures after the other, for reading in an editor; `started` is for people. */
export function failuresText(state: RunState, started: string, t: Translate): string {
  const lines = [t("Failures of the run on {0}, started {1}", state.connection, started), ""];
  if (state.problem) lines.push(state.problem.message, "");
  const groups = failureGroups(state);
  for (const group of groups) {
    lines.push(`${tenants(group.tenants.length, t)}: ${group.message} [${group.code}]`);
    if (group.file !== null) lines.push(`    ${place(group)}`);
    lines.push(...wrap(group.tenants, 100).map((line) => `    ${line}`), "");
  }
  if (groups.length === 0 && !state.problem) lines.push(t("No tenant failed."), "");
  return lines.join("\n");
}

/** Names in lines of at most `width` characters, as far as the names allow. */
export function wrap(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    // One comma stands before the name, and one may follow it.
    if (last !== undefined && last.length + name.length + 3 <= width) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

/** A run's failures, equal ones as one: as its summary tells them, or as far as they are known before it. */
export function failureGroups(state: RunState): readonly FailureGroup[] {
  return state.summary?.failures ?? groupFailures([...state.sharedFailures, ...state.outcomes.values()]);
}

/** Tenants that failed for the same reason at the same place, in the order of the first. */
function groupFailures(events: Iterable<TenantEvent>): FailureGroup[] {
  const groups = new Map<string, NonNullable<TenantEvent["error"]> & { tenants: string[] }>();
  for (const { tenant, error } of events) {
    if (!error) continue;
    const key = JSON.stringify([error.code, error.message, error.file, error.line, error.column]);
    const group = groups.get(key);
    if (group) group.tenants.push(tenant);
    else groups.set(key, { ...error, tenants: [tenant] });
  }
  return [...groups.values()];
}

function doneOf(state: RunState, t: Translate): string {
  return t("{0} of {1}", number(state.stageDone), tenants(state.stageSize, t));
}

function place(failure: { file: string | null; line: number | null; column: number | null }): string {
  return [failure.file, failure.line, failure.column].filter((part) => part !== null).join(":");
}
