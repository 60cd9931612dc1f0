import type { RunEvent } from "../../engine/events";
import { type Control, controlOn } from "../control";
import { type ExitCode, exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { Interrupted, unlessAborted } from "../interrupt";
import { withDatabase } from "../opening";
import { type Progress, progressOf } from "../progress";
import { planText } from "../report/plan";
import { summaryText } from "../report/run";
import { refusedCode, selectionOf } from "../selection";
import type { Terminal } from "../terminal";
import { count, visible } from "../text";
import type { Call, Verb } from "../verb";

export const run: Verb = {
  usage: "run",
  group: "Run migrations:",
  summary: "run what is missing, on every tenant",
  description: [
    "The plan is shown and, on a terminal, confirmed first. Each tenant is one transaction: it is wholly done or untouched.",
    "Ctrl-C begins no more tenants and lets the running ones finish; a second Ctrl-C cancels them. Run again to do the rest.",
  ].join("\n"),
  flags: [
    flags.connection,
    flags.tenants,
    flags.to,
    flags.yes,
    flags.confirm,
    flags.digest,
    flags.skipInvalidTenants,
    flags.takeOver,
    flags.format,
    flags.config,
    flags.control,
  ],
  examples: [
    ["tenantry run", "show the plan, ask, run"],
    ["tenantry run --tenants acme,globex", "two tenants only"],
    ["tenantry run --connection production --confirm production", "a protected connection"],
    ["tenantry run --yes --format json", "for scripts: one JSON object a line"],
  ],
  async run(call) {
    const control = call.flags.control === true ? controlOn(process.stdin, call.interrupt) : null;
    try {
      return await runWith(call, control);
    } finally {
      control?.close();
    }
  },
};

async function runWith(call: Call, control: Control | null): Promise<ExitCode> {
  const { flags, terminal, interrupt } = call;
  const password = control === null ? {} : { password: control.password };
  return withDatabase(call, { command: "run", purpose: "change", ...password }, async (target) => {
    const { plan } = await import("../../app/plan");
    const { run } = await import("../../app/run");
    const planned = await unlessAborted(interrupt.stop, plan(target, selectionOf(flags)));
    const json = flags.format === "json";
    if (!json) {
      terminal.line(`${planText(planned, target, terminal.style)}\n`);
    }
    const schemas = new Set(planned.report.stages.flatMap((stage) => stage.tenants)).size;
    const doable = planned.report.refusals.length === 0 && schemas > 0;
    if (doable && !json && flags.yes !== true && terminal.interactive) {
      await agreed(`Run this on ${count(schemas, "schema")}? [y/N] `, call);
    }
    const show = json
      ? (event: RunEvent) => terminal.line(JSON.stringify(event))
      : shownOn(terminal, target.project.root, interrupt.stop);
    const result = await run(target, planned, {
      ...(flags.digest === undefined ? {} : { digest: flags.digest }),
      onEvent: show,
      stop: interrupt.stop,
      cancel: interrupt.cancel,
    });
    if (result.summary === null) {
      const told = new Set(planned.report.refusals);
      for (const refusal of json ? [] : result.refusals.filter((one) => !told.has(one))) {
        terminal.note(`tenantry: ${visible(refusal.message)}`);
      }
      return refusedCode(result.refusals);
    }
    if (result.summary.stopped === "cancelled") {
      return exitCodes.cancelled;
    }
    return result.summary.counts.failed > 0 ? exitCodes.problems : exitCodes.done;
  });
}

async function agreed(question: string, { terminal, interrupt }: Call): Promise<void> {
  const answer = await terminal.ask(question, interrupt.stop);
  if (answer === null || !/^y(es)?$/i.test(answer.trim())) {
    throw new Interrupted();
  }
}

/** Shows a run's events to a person: a progress bar for each stage, then the summary. */
function shownOn(terminal: Terminal, root: string, stop: AbortSignal): (event: RunEvent) => void {
  let progress: Progress | null = null;
  const stopping = () =>
    progress?.note("Stopping: what is running finishes, nothing else is begun. Ctrl-C again cancels that too.");
  stop.addEventListener("abort", stopping, { once: true });
  return (event) => {
    if (event.event === "tenant") {
      // One that was never begun isn't progress.
      if (event.outcome !== "skipped") progress?.step(event.outcome === "failed");
      return;
    }
    progress?.end();
    progress = null;
    if (event.event === "stage") {
      const whom = event.scope === "public" ? "the public schema" : count(event.tenants, "schema");
      terminal.note(`Stage ${event.stage}: ${event.versions.join(", ")} in ${whom}`);
      progress = progressOf(terminal, event.tenants);
    } else if (event.event === "summary") {
      stop.removeEventListener("abort", stopping);
      terminal.line(summaryText(event, root, terminal.style));
    }
  };
}
