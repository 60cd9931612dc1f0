import type { RunEvent } from "../engine/events";
import { type Progress, progressOf } from "./progress";
import { summaryText } from "./report/run";
import type { Terminal } from "./terminal";
import { count } from "./text";

/** Shows a run's events to a person: a progress bar for each stage, then the summary. */
export function shownOn(terminal: Terminal, root: string, stop: AbortSignal): (event: RunEvent) => void {
  let progress: Progress | null = null;
  const leftOut = new Set<string>();
  const applied = new Set<string>();
  const inPart = new Set<string>();
  const stopping = () =>
    progress?.note("Stopping: what is running finishes, nothing else is begun. Ctrl-C again cancels that too.");
  stop.addEventListener("abort", stopping, { once: true });
  return (event) => {
    if (event.event === "tenant") {
      if (event.outcome === "applied") applied.add(event.tenant);
      else if (event.outcome !== "skipped") applied.delete(event.tenant);
      // One that is left out comes with the reason, and one whose turn didn't come has none.
      if (event.outcome === "skipped" && event.error !== undefined) leftOut.add(event.tenant);
      else if (event.outcome === "skipped" && applied.has(event.tenant)) inPart.add(event.tenant);
      // One that was never begun, or was taken back, isn't progress.
      if (event.outcome !== "skipped" && event.outcome !== "cancelled") progress?.step(event.outcome === "failed");
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
      terminal.line(summaryText(event, { leftOut: leftOut.size, inPart: inPart.size }, root, terminal.style));
    }
  };
}
