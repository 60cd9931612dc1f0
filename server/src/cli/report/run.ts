import type { FailureGroup, Outcome, RunSummary } from "../../engine/events";
import { leftByRun } from "../../engine/text";
import { placeText } from "../shownPath";
import type { Style } from "../style";
import { count, duration, few, nameText, number, visible } from "../text";

/** What became of the schemas that are counted as skipped. */
export interface Skipped {
  /** How many were left out for a reason. */
  readonly leftOut: number;
  /** How many others had a stage applied before the run stopped; the rest was never begun. */
  readonly inPart: number;
}

/** How a run ended: the counts, why it stopped, and each cause of failure with its tenants. */
export function summaryText(summary: RunSummary, { leftOut, inPart }: Skipped, root: string, style: Style): string {
  const stopped = Math.max(0, summary.counts.skipped - leftOut);
  const counts = [
    ...outcomes.map(([outcome, paint]) => [summary.counts[outcome], outcome, paint] as const),
    [summary.counts.skipped - stopped, "left out", "yellow"] as const,
    [inPart, "applied in part", "yellow"] as const,
    [stopped - inPart, "not begun", "yellow"] as const,
  ]
    .filter(([n]) => n > 0)
    .map(([n, word, paint]) => style[paint](`${number(n)} ${word}`));
  const lines = [
    counts.length === 0
      ? "Nothing was done."
      : `${counts.join(" · ")} ${style.dim(`in ${duration(summary.milliseconds)}`)}`,
  ];
  if (summary.failures.length > 0) {
    lines.push("", `${count(summary.failures.length, "cause")} of failure:`);
    lines.push(...summary.failures.map((group) => `\n${groupText(group, root, style)}`));
  }
  if (summary.stopped === "failures") {
    const noMore = stopped > 0 ? "Stopped: no more tenants were started after the failure. " : "";
    lines.push("", `${noMore}What was applied stays applied.`, again);
  } else if (summary.stopped === "cancelled") {
    const { cancelled, failed } = summary.counts;
    lines.push("", cancelled + failed > 0 ? `Cancelled. ${leftByRun}` : nothingLeft);
  } else if (summary.failures.length > 0) {
    lines.push("", again);
  }
  return lines.join("\n");
}

const nothingLeft = "Asked to stop when everything had been begun: there is nothing left of it to do.";

const again =
  "Put the cause right and run again: only what is missing is done. `tenantry retry` does only what failed.";

const outcomes: readonly (readonly [Outcome, "green" | "red" | "yellow" | "dim"])[] = [
  ["applied", "green"],
  ["unchanged", "dim"],
  ["failed", "red"],
  ["cancelled", "yellow"],
];

function groupText(group: FailureGroup, root: string, style: Style): string {
  const place = placeText(root, group);
  return [
    `  ${style.red(visible(group.message))} ${style.dim(`(${group.code})`)}`,
    ...(place === null ? [] : [`  at ${style.bold(place)}`]),
    `  ${whereText(group.tenants)}`,
  ].join("\n");
}

/** One alone may be the shared schema, or the prototype. */
function whereText(schemas: readonly string[]): string {
  const names = few(schemas.map(nameText), 8);
  return schemas.length === 1 ? `in ${names}` : `${count(schemas.length, "tenant")}: ${names}`;
}
