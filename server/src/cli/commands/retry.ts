import { carryOut, runFlags } from "../carryOut";
import type { Verb } from "../verb";

export const retry: Verb = {
  usage: "retry",
  group: "Run migrations:",
  summary: "run again what failed in the last run, and nothing else",
  description: [
    "Planned, shown and confirmed as `run` is. It ends before a public migration for which tenants would have to be waited that",
    "didn't fail and aren't so far; `tenantry run` does the rest.",
  ].join("\n"),
  flags: runFlags,
  examples: [
    ["tenantry retry", "all that failed"],
    ["tenantry retry --tenants acme", "one of them"],
    ["tenantry retry --yes --format json", "for scripts: one JSON object a line"],
  ],
  run: (call) => carryOut(call, { command: "retry" }),
};
