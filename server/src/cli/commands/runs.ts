import type { RecordedRun } from "../../app/recordedRuns";
import { UsageError } from "../../app/usageError";
import type { RunEvent } from "../../engine/events";
import { leftByRun } from "../../engine/text";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { createLines } from "../lines";
import { withDatabase } from "../opening";
import { momentText, runsText } from "../report/runs";
import { shownOn } from "../shownRun";
import type { Call, Verb } from "../verb";

export const runs: Verb = {
  usage: "runs",
  group: "Look:",
  summary: "show the runs on record, follow one that goes on, or ask it to stop",
  description: [
    "The records are in the database, so it doesn't matter who started a run, where, or by what. A run that is asked to stop begins no",
    "more tenants and lets the running ones finish; with --cancel it ends those as well. It hears that within about two seconds.",
  ].join("\n"),
  flags: [flags.follow, flags.stop, flags.cancel, flags.connection, flags.confirm, flags.format, flags.config],
  examples: [
    ["tenantry runs", "the last runs, the newest first"],
    ["tenantry runs --follow", "watch the run that goes on until it ends"],
    ["tenantry runs --stop", "ask it to stop"],
    ["tenantry runs --stop --cancel", "ask it to end what is running, too"],
  ],
  async run(call) {
    const { flags } = call;
    if (flags.follow === true && flags.stop === true)
      throw new UsageError("--follow looks and --stop asks: give one of the two.");
    if (flags.cancel === true && flags.stop !== true)
      throw new UsageError("--cancel says how to stop: give it together with --stop.");
    if (flags.stop === true) return stop(call);
    return flags.follow === true ? follow(call) : list(call);
  },
};

async function list(call: Call) {
  const { flags, terminal } = call;
  return withDatabase(call, { command: "runs", purpose: "read" }, async ({ database }) => {
    const { recordedRuns } = await import("../../app/recordedRuns");
    const found = await recordedRuns(database, shown);
    terminal.line(flags.format === "json" ? JSON.stringify({ runs: found }) : runsText(found, terminal.style));
    return exitCodes.done;
  });
}

const shown = 20;

async function stop(call: Call) {
  const { flags, terminal } = call;
  return withDatabase(call, { command: "runs", purpose: "change" }, async ({ database }) => {
    const { stopRuns } = await import("../../app/recordedRuns");
    const asked = await stopRuns(database, flags.cancel === true ? "cancel" : "stop", null);
    if (flags.format === "json") terminal.line(JSON.stringify({ asked }));
    else
      terminal.line(
        asked.length === 0
          ? nothingGoesOn
          : `Asked to stop: ${asked.join(", ")}. Watch it end with: tenantry runs --follow`,
      );
    return exitCodes.done;
  });
}

async function follow(call: Call) {
  const { flags, terminal, interrupt } = call;
  return withDatabase(call, { command: "runs", purpose: "read" }, async ({ database, project }) => {
    const { recordedRuns, followRun } = await import("../../app/recordedRuns");
    const run = (await recordedRuns(database, shown)).find(({ state }) => state === "running");
    if (run === undefined) {
      terminal.note(nothingGoesOn);
      return exitCodes.done;
    }
    const lines = createLines(terminal);
    const json = (event: RunEvent) => lines.write(JSON.stringify(event));
    if (flags.format !== "json") terminal.note(startedText(run));
    const show = flags.format === "json" ? json : shownOn(terminal, project.root, new AbortController().signal);
    const summary = await followRun(database, run, show, interrupt.stop).finally(lines.flush);
    if (interrupt.stop.aborted) return exitCodes.cancelled;
    if (summary === null) {
      terminal.note(`The run was lost: its process is gone. ${leftByRun}`);
      return exitCodes.problems;
    }
    if (summary.stopped === "cancelled") return exitCodes.cancelled;
    return summary.counts.failed > 0 ? exitCodes.problems : exitCodes.done;
  });
}

const nothingGoesOn = "No run is going on.";

function startedText({ user, host, pid, startedAt }: RecordedRun): string {
  return `Following the run that ${user} started on ${host} (process ${pid}) at ${momentText(startedAt)}. Ctrl-C ends the following, not the run.`;
}
