import type { Node } from "jsonc-parser";
import { findNodeAtLocation, getNodeValue } from "jsonc-parser";
import type { Format } from "../model/formats";
import { nearest } from "../model/nearest";
import type { RunOptions } from "../model/runOptions";
import type { Settings } from "../model/settings";
import { isTooLong } from "../sql/identifierLength";
import type { Span } from "../sql/span";
import { explainIssue, type Mistake } from "./configurationMistakes";
import { configurationSchema } from "./configurationSchema";
import { pathTest } from "./folders";
import { parseJson } from "./jsonc";
import { type Problem, problemAt } from "./problem";
import { redactUrl } from "./redact";

/** A `tenantry.json` that was understood, with every default in its place. */
export interface Configuration extends Settings {
  readonly migrations: { readonly public: string; readonly tenant: string; readonly format: Format | "auto" };
  /** Null where nothing says yet which schemas are tenants. */
  readonly tenants: TenantSource | null;
  readonly connections: Readonly<Record<string, ConnectionSettings>>;
  readonly defaultConnection: string | null;
  readonly run: RunOptions;
  readonly preset: Checked["preset"];
  readonly rules: Readonly<Record<string, RuleSeverity>>;
  /** From the first to the last; the last that holds for a file and says anything of a rule wins. */
  readonly overrides: readonly RuleOverride[];
}

/** What the rules are set to in some files. */
export interface RuleOverride {
  readonly files: readonly string[];
  /** By a path relative to the configuration file. */
  readonly holdsFor: (path: string) => boolean;
  readonly preset: Checked["preset"] | null;
  readonly rules: Readonly<Record<string, RuleSeverity>>;
}

export type TenantSource =
  | { readonly query: string }
  | { readonly pattern: string }
  | { readonly list: readonly string[] };

export interface ConnectionSettings {
  /** As it is written, with `${env:…}` in it. */
  readonly url: string;
  readonly protected: boolean;
}

export type RuleSeverity = "error" | "warning" | "information" | "hint" | "off";

export interface ParsedConfiguration {
  /** Null where anything is wrong: nothing runs on half a configuration. */
  readonly configuration: Configuration | null;
  readonly problems: readonly Problem[];
  /** Warns at a setting's value. */
  readonly warn: SettingProblem;
}

export type SettingProblem = (setting: SettingPath, message: string) => Problem;

/** Where a setting stands: keys, and places in lists. */
export type SettingPath = readonly (string | number)[];

/**
 * Reads the text of a `tenantry.json`, and tells everything that is wrong with it at once.
 * @param path the file's, for the problems. @param ruleIds the known rules; without them any id may have a severity.
 */
export function parseConfiguration(text: string, path: string, ruleIds: readonly string[] = []): ParsedConfiguration {
  const { tree, mistakes } = parseJson(text);
  const warn: SettingProblem = (setting, message) => {
    const span = tree === undefined ? { start: 0, end: 0 } : valueSpan(tree, setting);
    return { ...problemAt(text, path, "invalid-config", { ...span, message }), severity: "warning" };
  };
  const { configuration, mistakes: found } =
    tree === undefined || mistakes.length > 0 ? { configuration: null, mistakes } : validate(tree, ruleIds);
  const ordered = [...found].sort((a, b) => a.start - b.start);
  return { configuration, problems: ordered.map((mistake) => problemAt(text, path, "invalid-config", mistake)), warn };
}

function validate(
  tree: Node,
  ruleIds: readonly string[],
): { configuration: Configuration | null; mistakes: Mistake[] } {
  const result = configurationSchema.safeParse(getNodeValue(tree));
  const unknown = unknownRules(tree, ruleIds);
  if (!result.success) {
    const found = result.error.issues.flatMap((issue) => explainIssue(tree, issue));
    return { configuration: null, mistakes: [...found, ...unknown] };
  }
  const configuration = settle(result.data);
  const mistakes = [...findContradictions(configuration, tree), ...unknown];
  return { configuration: mistakes.length > 0 ? null : configuration, mistakes };
}

/** What holds where there is no `tenantry.json`. */
export function defaultConfiguration(): Configuration {
  return settle(configurationSchema.parse({}));
}

type Checked = ReturnType<typeof configurationSchema.parse>;

function settle(checked: Checked): Configuration {
  const { $schema: _, ...settings } = checked;
  return {
    ...settings,
    publicSchema: checked.publicSchema ?? (checked.dialect === "sqlserver" ? "dbo" : "public"),
    tenants: (checked.tenants as TenantSource | undefined) ?? null,
    defaultConnection: checked.defaultConnection ?? null,
    run: { ...checked.run, role: checked.run.role ?? null },
    overrides: checked.overrides.map(({ files, preset, rules }) => ({
      files,
      holdsFor: pathTest(files),
      preset: preset ?? null,
      rules,
    })),
  };
}

/** What each value allows on its own, but not together with the others. */
function findContradictions(configuration: Configuration, tree: Node): Mistake[] {
  const { dialect, tenantNames, publicSchema, prototypeSchema, tenants, defaultConnection, connections } =
    configuration;
  const { run, migrations } = configuration;
  const mistakes: Mistake[] = [];
  const report = (path: SettingPath, message: string) => mistakes.push({ ...valueSpan(tree, path), message });

  if (dialect === "sqlserver" && tenantNames === "search-path") {
    report(
      ["tenantNames"],
      'SQL Server has no search path, so `tenantNames` must be "qualified": write tenant tables with the prototype schema.',
    );
  }
  if (publicSchema === prototypeSchema) {
    const isWritten = findNodeAtLocation(tree, ["prototypeSchema"]) !== undefined;
    report(
      [isWritten ? "prototypeSchema" : "publicSchema"],
      `\`prototypeSchema\` and \`publicSchema\` are both "${publicSchema}"; give the prototype a schema of its own.`,
    );
  }
  for (const setting of ["publicSchema", "prototypeSchema"] as const) {
    if (configuration[setting] === "tenantry") {
      report([setting], `The schema "tenantry" holds Tenantry's own tables; choose another for \`${setting}\`.`);
    }
  }
  const tooLong = (name: string) =>
    `"${name}" is longer than the ${longest[dialect]}, so that no schema can have this name.`;
  for (const setting of ["publicSchema", "prototypeSchema"] as const) {
    if (isTooLong(configuration[setting], dialect)) report([setting], tooLong(configuration[setting]));
  }
  for (const [index, tenant] of (tenants !== null && "list" in tenants ? tenants.list : []).entries()) {
    if (isTooLong(tenant, dialect)) report(["tenants", "list", index], tooLong(tenant));
  }
  for (const folder of ["public", "tenant"] as const) {
    const written = migrations[folder];
    if (written.includes("\\"))
      report(
        ["migrations", folder],
        `Write \`migrations.${folder}\` with "/" between its parts: "${written.replaceAll("\\", "/")}".`,
      );
    else if (/^(\/|[a-z]:)/i.test(written))
      report(
        ["migrations", folder],
        `\`migrations.${folder}\` must be relative to this file, such as "migrations/${folder}".`,
      );
  }
  if (defaultConnection !== null && !Object.hasOwn(connections, defaultConnection)) {
    report(["defaultConnection"], unknownConnection(defaultConnection, Object.keys(connections)));
  }
  if (run.searchPath !== "auto" && dialect === "sqlserver") {
    report(["run", "searchPath"], "SQL Server has no search path; remove `run.searchPath`.");
  }
  return mistakes;
}

const longest = {
  postgresql: "63 bytes that PostgreSQL keeps of a name",
  sqlserver: "128 characters of SQL Server's names",
};

/** The rule ids that no rule has, at the top and among the overrides; read from the text, so that they are told beside other mistakes. */
function unknownRules(tree: Node, ruleIds: readonly string[]): Mistake[] {
  if (ruleIds.length === 0) return [];
  const overrides = findNodeAtLocation(tree, ["overrides"])?.children ?? [];
  const given = [tree, ...overrides].flatMap((node) => findNodeAtLocation(node, ["rules"])?.children ?? []);
  return given.flatMap((property) => {
    const [key] = property.children ?? [];
    const id: unknown = key?.value;
    if (key === undefined || typeof id !== "string" || ruleIds.includes(id)) return [];
    const meant = nearest(id, ruleIds);
    const wayOut = meant === null ? "Its documentation lists the rules." : `Did you mean \`${meant}\`?`;
    return [{ start: key.offset, end: key.offset + key.length, message: `There is no rule \`${id}\`. ${wayOut}` }];
  });
}

/** Says which connections there are. */
export function unknownConnection(name: string, known: readonly string[]): string {
  if (known.length === 0)
    return `There is no connection "${redactUrl(name)}"; \`connections\` in tenantry.json names none.`;
  const meant = nearest(name, known);
  const list = `Known are: ${known.join(", ")}.`;
  return `There is no connection "${redactUrl(name)}". ${meant === null ? list : `Did you mean "${meant}"? ${list}`}`;
}

function valueSpan(tree: Node, path: SettingPath): Span {
  const node = findNodeAtLocation(tree, [...path]);
  return node === undefined ? { start: 0, end: 1 } : { start: node.offset, end: node.offset + node.length };
}
