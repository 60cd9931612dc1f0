import { carryOut, runFlags } from "../carryOut";
import type { Verb } from "../verb";

export const retry: Verb = {
  usage: "retry",
  group: "Run migrations:",
  summary: "run again what failed in the last run, and nothing else",
  description:
    "Planned, shown and confirmed as `run` is. It ends before a public migration that still waits for tenants which didn't fail; `tenantry run` does the rest.",
  flags: runFlags,
  examples: [
    ["tenantry retry", "all that failed"],
    ["tenantry retry --tenants acme", "one of them"],
    ["tenantry retry --yes --format json", "for scripts: one JSON object a line"],
  ],
  run: (call) => carryOut(call, { command: "retry" }),
};
