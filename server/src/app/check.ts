import picomatch from "picomatch";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import type { Slices } from "../project/slices";
import type { Finding } from "../rules/finding";
import { type LintSettings, lintPart } from "../rules/lint";
import { type LevelOf, levelOf } from "../rules/severity";
import { foldName } from "../sql/dialect";
import { analysisNow } from "./analyses";
import { historyOf } from "./history";

/** What the rules find in one file of a history that is analysed. */
export function findingsNow(project: Project, migration: Migration): readonly Finding[] {
  return findings(project, migration, () => false) ?? [];
}

/** The same, letting other work in between the statements; where that checks another text of the file, the rest is checked at once. */
export async function findingsInParts(
  project: Project,
  migration: Migration,
  slices: Slices,
): Promise<readonly Finding[]> {
  for (let isOver = slices.isOver; ; ) {
    const found = findings(project, migration, isOver);
    if (found !== null) return found;
    await slices.pause();
    // Two texts of a file that take turns would each have what is known of the other forgotten, without end.
    if (lastChecked.get(project.configuration)?.get(migration.path) !== migration) isOver = () => false;
  }
}

function findings(project: Project, migration: Migration, isOver: () => boolean): readonly Finding[] | null {
  const { configuration } = project;
  const { path } = migration;
  const ofFiles = lastChecked.get(configuration) ?? new Map<string, Migration>();
  lastChecked.set(configuration, ofFiles.set(path, migration));
  const history = historyOf(project, migration);
  return lintPart(migration, analysisNow(migration), history, settingsOf(project, path), isOver);
}

/** The text of each file that was checked last, by its path. */
const lastChecked = new WeakMap<Configuration, Map<string, Migration>>();

/** The same object each time, by which it is known that a file's settings haven't changed. */
export function settingsOf(
  { configuration, tenantsTold }: Pick<Project, "configuration" | "tenantsTold">,
  path: string,
): LintSettings {
  let known = settings.get(configuration);
  if (known === undefined || known.tenantsTold !== tenantsTold) {
    const isTenant = tenantTest(configuration, tenantsTold ?? []);
    const tenants = listedTenants(configuration) ?? tenantsTold?.length ?? null;
    known = { tenantsTold, common: { ...configuration, isTenant, tenants }, ofFiles: new Map() };
    settings.set(configuration, known);
  }
  const before = known.ofFiles.get(path);
  if (before !== undefined) return before;
  const now = { ...known.common, levelOf: levelsIn(configuration, path) };
  known.ofFiles.set(path, now);
  return now;
}

interface FolderSettings {
  readonly tenantsTold: readonly string[] | undefined;
  readonly common: Omit<LintSettings, "levelOf">;
  readonly ofFiles: Map<string, LintSettings>;
}

const settings = new WeakMap<Configuration, FolderSettings>();

/** How many tenants there are, where the configuration itself lists them. */
function listedTenants({ tenants }: Configuration): number | null {
  return tenants !== null && "list" in tenants ? tenants.list.length : null;
}

/** What the rules are set to in one file. Files with the same settings have it together, and with it what is kept by it. */
export function levelsIn(configuration: Configuration, path: string): LevelOf {
  const { preset, rules, overrides, dialect } = configuration;
  const held = overrides.filter(({ holdsFor }) => holdsFor(path));
  const key = held.map((override) => overrides.indexOf(override)).join();
  const known = levels.get(configuration) ?? new Map<string, LevelOf>();
  levels.set(configuration, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const now = levelOf([{ preset, rules }, ...held], dialect);
  known.set(key, now);
  return now;
}

const levels = new WeakMap<Configuration, Map<string, LevelOf>>();

/** Which schemas are tenants, by the configuration and by what a connection told; what a query would say isn't known before. */
function tenantTest(configuration: Configuration, told: readonly string[]): (schema: string) => boolean {
  const { tenants, publicSchema, prototypeSchema, dialect } = configuration;
  const fold = (name: string) => foldName(name, dialect);
  const others = new Set([publicSchema, prototypeSchema, "tenantry"].map(fold));
  const listed = tenants !== null && "list" in tenants ? tenants.list : [];
  const named = new Set([...listed, ...told].map(fold));
  const isOfPattern =
    tenants !== null && "pattern" in tenants
      ? picomatch(tenants.pattern, { nocase: dialect === "sqlserver" })
      : () => false;
  return (schema) => !others.has(fold(schema)) && (named.has(fold(schema)) || isOfPattern(schema));
}
