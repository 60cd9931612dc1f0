import { InvalidArgumentError, Option } from "commander";

/** Every flag, once; commands pick from it. */
export const flags = {
  connection: new Option("-c, --connection <name|url>", "which database: a name from tenantry.json, or a URL"),
  config: new Option("--config <file>", "the configuration to use (default: tenantry.json in this folder or above it)"),
  tenant: new Option("-t, --tenant <name>", "the tenant to render for").makeOptionMandatory(),
  tenants: new Option("--tenants <a,b,glob*>", 'only these tenants; * and ? match any, "a,b" is one name').argParser(
    list,
  ),
  to: new Option("--to <version>", "go no further than this version").argParser(version),
  baselineTo: new Option("--to <version>", "the version whose shape the schemas have").argParser(version),
  format: formatOf("text", "json"),
  lintFormat: formatOf("text", "json", "sarif", "github"),
  scope: new Option("--scope <scope>", "whom it is for: every tenant schema, or the public schema once")
    .choices(["tenant", "public"])
    .default("tenant"),
  fix: new Option("--fix", "apply the fixes that are sure"),
  since: new Option("--since <git-ref>", "only files added or changed since this branch was left (or commit, or tag)"),
  noCache: new Option("--no-cache", "find everything anew, and keep nothing of it for the next time"),
  maxWarnings: new Option("--max-warnings <n>", "exit 1 when there are more warnings than this").argParser(natural),
  skipInvalidTenants: new Option(
    "--skip-invalid-tenants",
    "leave out listed tenants that can't be one (duplicates, the public or prototype schema)",
  ),
  takeOver: new Option("--take-over", "go on with the history that a copied or restored database brought along"),
  reason: new Option("--reason <text>", "why; it is recorded, and shown to others").argParser(text),
  undo: new Option("--undo", "take it back"),
  follow: new Option("--follow", "watch the run that goes on until it ends"),
  stop: new Option("--stop", "ask the runs that go on to begin no more tenants"),
  cancel: new Option("--cancel", "with --stop: end what is running, too"),
  yes: new Option("-y, --yes", "don't ask before running"),
  confirm: new Option("--confirm <name>", "the connection's name again; needed for a protected connection"),
  digest: new Option("--digest <digest>", "run only if the plan is still the one with this digest (see plan)"),
  control: new Option("--control", "read a password and cancel requests as JSON lines from standard input").hideHelp(),
  stdio: new Option("--stdio", "speak over standard input and output (the only way there is)"),
} as const;

function formatOf(...formats: readonly [string, ...string[]]): Option {
  return new Option("--format <format>", "how to write the result").choices(formats).default(formats[0]);
}

/** A value may be a list; it is taken apart where the tenants' names are known, since a name may hold a comma. */
function list(value: string, earlier: readonly string[] | undefined): readonly string[] {
  // As a script writes it whose variables are empty: `--tenants "$FIRST,$SECOND"`.
  if (/^(?:[\s,]|"")*$/.test(value)) {
    throw new InvalidArgumentError("Name at least one tenant.");
  }
  return [...(earlier ?? []), value];
}

function version(value: string): string {
  if (value.trim() === "") {
    throw new InvalidArgumentError("Write a migration's version, such as 0007.");
  }
  return value.trim();
}

function text(value: string): string {
  if (value.trim() === "") {
    throw new InvalidArgumentError("Say something.");
  }
  return value.trim();
}

function natural(value: string): number {
  if (!/^\d+$/.test(value)) {
    throw new InvalidArgumentError("Write a whole number, 0 or more.");
  }
  return Number(value);
}
