import { carryOut, runFlags } from "../carryOut";
import type { Verb } from "../verb";

export const run: Verb = {
  usage: "run",
  group: "Run migrations:",
  summary: "run what is missing, on every tenant",
  description: [
    "The plan is shown and, on a terminal, confirmed first. Each transaction of it is wholly done or not at all.",
    "Ctrl-C begins no more tenants and lets the running ones finish; a second Ctrl-C cancels them. Run again to do the rest.",
  ].join("\n"),
  flags: runFlags,
  examples: [
    ["tenantry run", "show the plan, ask, run"],
    ["tenantry run --tenants acme,globex", "two tenants only"],
    ["tenantry run --connection production --confirm production", "a protected connection"],
    ["tenantry run --yes --format json", "for scripts: one JSON object a line"],
  ],
  run: (call) => carryOut(call, { command: "run" }),
};
