import type { RecordedRun } from "../../app/recordedRuns";
import type { Style } from "../style";
import { count, duration, number, visible } from "../text";

/** One line for each run: when, how it stands, what became of its schemas, and who started it where. */
export function runsText(runs: readonly RecordedRun[], style: Style): string {
  if (runs.length === 0) return "Nothing has run in this database yet.";
  return runs.map((run) => lineOf(run, style)).join("\n");
}

function lineOf(run: RecordedRun, style: Style): string {
  const counts = Object.entries(countsOf(run)).map(([outcome, n]) => `${number(n)} ${outcome}`);
  const figures = counts.length === 0 ? `none of ${count(run.schemas, "schema")} on record` : counts.join(" · ");
  const asked = run.state === "running" && run.stopRequested !== null ? ", asked to stop" : "";
  const state = style[paints[run.state]](`${texts[run.state]}${asked}`);
  const who = style.dim(`by ${visible(run.user)} on ${visible(run.host)} (process ${run.pid})`);
  return `${momentText(run.startedAt)}  ${state}  ${figures} in ${duration(run.milliseconds)} ${who}`;
}

/** What is recorded as skipped was left out for a reason, or stopped after a stage of several, or was never begun. */
function countsOf({ counts: { skipped = 0, ...others }, leftOut, inPart }: RecordedRun): Record<string, number> {
  const parts = { "left out": leftOut, "applied in part": inPart, "not begun": skipped - leftOut - inPart };
  return { ...others, ...Object.fromEntries(Object.entries(parts).filter(([, n]) => n > 0)) };
}

/** A moment as the server's session has it, to the second, and in which time zone that is. */
export function momentText(iso: string): string {
  const zone = /[+-][\d:]+$/.exec(iso.slice(19))?.[0] ?? "Z";
  return `${iso.replace("T", " ").slice(0, 19)} ${/[1-9]/.test(zone) ? zone : "UTC"}`;
}

const texts: Record<RecordedRun["state"], string> = {
  running: "running",
  done: "done",
  failures: "stopped by failures",
  cancelled: "cancelled",
  lost: "lost",
};

const paints = { running: "cyan", done: "green", failures: "red", cancelled: "yellow", lost: "yellow" } as const;
