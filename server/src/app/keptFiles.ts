import { createHash } from "node:crypto";
import type { Migration } from "../model/migration";
import type { Cache } from "../project/cache";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import { isOutlined, keepOutline, outlineTextOf } from "./analyses";
import { checkedOf, keepCheckedBefore } from "./checked";
import { noFindings, textDigest, weightsOf } from "./keptFindings";
import { nameOfFiles } from "./keptName";

/**
 * Takes over what was kept of each file of a folder: what its statements do, which rests on its text alone, and what was found in it, which rests on
 * the history, too, and is asked for by what it rests on. It is looked for once for each configuration: what has changed since is known in this process.
 */
export function recallFiles(project: Project, files: readonly Migration[]): Promise<void> {
  const { configuration, cache } = project;
  if (cache === undefined) return Promise.resolve();
  const known = recalled.get(configuration) ?? recall(cache, project, files);
  recalled.set(configuration, known);
  return known;
}

const recalled = new WeakMap<Configuration, Promise<void>>();

async function recall(cache: Cache, project: Project, files: readonly Migration[]): Promise<void> {
  const lines = await cache.read(nameOfFiles(project));
  if (lines === null) return;
  const slices = openSlices();
  const kept = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [digest = "", ...parts] = line.split("\t");
    kept.set(digest, parts);
    const pause = slices.rest();
    if (pause !== null) await pause;
  }
  const weights = JSON.stringify(weightsOf(project));
  for (const migration of files) {
    await slices.rest();
    const [outline, key, rest = "", asked = "[]", findings = noFindings] = kept.get(fileDigest(migration)) ?? [];
    if (outline === undefined) continue;
    if (!isOutlined(migration)) keepOutline(migration, outline);
    if (key !== keyOf(weights, migration) || checkedOf(project, migration) !== null) continue;
    keepCheckedBefore(project, migration, { findings, asked, rest });
  }
}

/** Keeps what is known of files that were all checked. */
export async function writeFiles(cache: Cache, project: Project, files: readonly Migration[]): Promise<void> {
  const slices = openSlices();
  const weights = JSON.stringify(weightsOf(project));
  const lines: string[] = [];
  for (const migration of files) {
    const checked = checkedOf(project, migration);
    if (checked === null || !isOutlined(migration)) continue;
    const { findings, asked, rest } = checked;
    // No tab stands in JSON but as an escape.
    const outline = outlineTextOf(project, migration);
    lines.push([fileDigest(migration), outline, keyOf(weights, migration), rest, asked, findings].join("\t"));
    await slices.rest();
  }
  await cache.write(nameOfFiles(project), lines);
}

/** A file may be found under another name, or two have the same text: what is found in one names its path. */
function fileDigest(migration: Migration): string {
  return createHash("sha256")
    .update(JSON.stringify([migration.path, textDigest(migration)]))
    .digest("base64url");
}

/** Of what findings rest on, all but the file's text and the history. */
function keyOf(weights: string, { path }: Migration): string {
  return createHash("sha256")
    .update(JSON.stringify([weights, path]))
    .digest("base64url");
}
