import { createHash } from "node:crypto";
import type { Migration } from "../model/migration";
import type { Cache } from "../project/cache";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import type { Finding } from "../rules/finding";

/** What the rules find in each file, as `findingsText` gives it. */
export type FindingsByPath = ReadonlyMap<string, string>;

/**
 * The name under which what the rules find in all of these files is kept. It is made of everything that this depends on, so that what
 * is found under it is right.
 */
export async function nameOfFindings(project: Project, migrations: readonly Migration[]): Promise<string> {
  const slices = openSlices();
  const hash = createHash("sha256").update(JSON.stringify(weightsOf(project)));
  for (const part of [project.migrations, migrations]) {
    hash.update(`\n${part.length}`);
    for (const migration of part) {
      hash.update(`\n${JSON.stringify(migration.path)} ${textDigest(migration)}`);
      await slices.rest();
    }
  }
  return `lint-${hash.digest("base64url")}`;
}

/** What the rules have found in all of the files, where the same was looked for before; only files with findings are in it. */
export async function readFindings(cache: Cache, name: string): Promise<FindingsByPath | null> {
  const lines = await cache.read(name);
  if (lines === null) return null;
  const slices = openSlices();
  const found = new Map<string, string>();
  for (const line of lines) {
    // No tab stands in JSON but as an escape.
    const tab = line.indexOf("\t");
    found.set(JSON.parse(line.slice(0, tab)) as string, line.slice(tab + 1));
    const pause = slices.rest();
    if (pause !== null) await pause;
  }
  return found;
}

export async function writeFindings(cache: Cache, name: string, found: FindingsByPath): Promise<void> {
  const slices = openSlices();
  const lines: string[] = [];
  for (const [path, findings] of found) {
    if (findings !== noFindings) lines.push(`${JSON.stringify(path)}\t${findings}`);
    const pause = slices.rest();
    if (pause !== null) await pause;
  }
  await cache.write(name, lines);
}

/** Of the configuration all but what is about runs alone; what is added to it counts until it is named here. */
export function weightsOf({ configuration, configurationPath, tenantsTold }: Project): object {
  const { connections, defaultConnection, run, ...settings } = configuration;
  return {
    build: __BUILD__,
    node: process.version,
    settings,
    isConfigured: configurationPath !== null,
    tenants: tenantsTold,
  };
}

export function textDigest(migration: Migration): string {
  const known = digests.get(migration);
  if (known !== undefined) return known;
  const digest = createHash("sha256").update(migration.text).digest("base64url");
  digests.set(migration, digest);
  return digest;
}

const digests = new WeakMap<Migration, string>();

/** Findings as they are kept and sent: as a text, which takes little and is read once somebody asks for it. */
export function findingsText(findings: readonly Finding[]): string {
  return findings.length === 0 ? noFindings : JSON.stringify(findings.map(plainFinding));
}

export const noFindings = "[]";

/** @param text as `findingsText` gives it */
export function textFindings(text: string): readonly Finding[] {
  return JSON.parse(text) as Finding[];
}

/** A finding may ask for its places each time; what is kept is how they are now. */
function plainFinding({ rule, severity, start, end, message, fixes, related = [] }: Finding): Finding {
  const places = related.map(({ file, start, end, message }) => ({ file, start, end, message }));
  return { rule, severity, start, end, message, fixes, related: places };
}
