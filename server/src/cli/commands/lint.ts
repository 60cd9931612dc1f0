import { resolve } from "node:path";
import { version } from "../../../../package.json";
import type { Project } from "../../project/project";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { projectOf } from "../opening";
import { compileForOneUse, compileGrammar } from "../readOnce";
import type { Finding } from "../report/finding";
import { count } from "../text";
import type { Verb } from "../verb";

export const lint: Verb = {
  usage: "lint [path...]",
  group: "Write migrations:",
  summary: "check migrations: what would go wrong, and where",
  description: "Without a path, all migrations of the project. Exits with 1 where there are errors.",
  arguments: { path: "files or folders" },
  flags: [flags.fix, flags.since, flags.maxWarnings, flags.lintFormat, flags.noCache, flags.config],
  examples: [
    ["tenantry lint", "all migrations"],
    ["tenantry lint migrations/tenant/0007_orders.sql --fix", "one file, and apply the fixes that are sure"],
    ["tenantry lint --since origin/main", "what this branch adds and changes, uncommitted and new files included"],
    ["tenantry lint --format github --max-warnings 0", "in a workflow: annotations, and no warning passes"],
  ],
  async run({ arguments: paths, flags, terminal }) {
    compileForOneUse();
    // While the files are read, what checks them is loaded.
    const [project, { applyFixes, lintPaths }, { findingsOf }] = await Promise.all([
      projectOf(flags, prepare),
      import("../../app/lint"),
      import("../report/finding"),
    ]);
    const wanted = paths.map((path) => resolve(path));
    const only = flags.since === undefined ? null : await filesSince(project.root, flags.since);
    const { project: fixed, mended } =
      flags.fix === true ? await applyFixes(project, wanted, only) : { project, mended: null };
    const files = await lintPaths(fixed, wanted, only);
    const findings = findingsOf(fixed, files);
    if (flags.format === "json") {
      terminal.line(JSON.stringify({ files: files.length, diagnostics: findings.map(diagnosticOf) }));
    } else if (flags.format === "sarif") {
      const { sarif } = await import("../report/sarif");
      const { rules } = await import("../../rules/all");
      const { presetLevel } = await import("../../rules/severity");
      const { preset, dialect } = fixed.configuration;
      const told = rules.map((rule) => ({ ...rule, level: presetLevel(rule, preset, dialect) }));
      terminal.line(JSON.stringify(sarif(findings, told, version), null, 2));
    } else if (flags.format === "github") {
      const { github } = await import("../report/github");
      if (findings.length > 0) {
        terminal.line(github(findings));
      }
    } else {
      const { lintText } = await import("../report/lintText");
      terminal.line(lintText(files.length, findings, mended, terminal.style));
    }
    const warnings = findings.filter(({ severity }) => severity === "warning").length;
    const tooMany = warnings > (flags.maxWarnings ?? Infinity);
    if (tooMany) {
      terminal.note(`tenantry: ${count(warnings, "warning")}, where --max-warnings allows ${flags.maxWarnings}.`);
    }
    const bad = tooMany || findings.some(({ severity }) => severity === "error");
    return bad ? exitCodes.problems : exitCodes.done;
  },
};

/** Has the grammar compiled meanwhile, where there will be much to read. */
async function prepare(settings: Project): Promise<void> {
  const { areFilesKept } = await import("../../app/keptName");
  if (settings.configuration.dialect === "postgresql" && !(await areFilesKept(settings))) await compileGrammar();
}

async function filesSince(root: string, reference: string): Promise<ReadonlySet<string>> {
  const { changedFiles } = await import("../../project/git");
  return changedFiles(root, reference);
}

/** The part of a finding that the JSON promises. */
function diagnosticOf({ file, range, severity, code, message, related }: Finding): object {
  return { file, range, severity, code, message, ...(related.length > 0 && { related }) };
}
