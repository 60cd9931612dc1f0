import { parentPort, workerData } from "node:worker_threads";
import { type AnalysedMigration, type CatalogHistory, openCatalog } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import { pathTest } from "../project/folders";
import { forgetFindings, namesAsked, namesAskedLater } from "../rules/keep";
import { lintMigration } from "../rules/lint";
import { analyse, type OpenAnalysis } from "../sql/analyse";
import { settingsOf } from "./check";
import { findingsText } from "./keptFindings";
import { outlined, outlineText, readOutline } from "./outlineText";
import type { FileChecked, FileRead, ThreadBeginning, ThreadReply, ThreadRequest, ToldFile } from "./threadMessages";

/*
 * A thread that analyses and checks a folder's files, each as soon as it is told of what stands before it. What was worked out of a file is given up
 * when it has been told, but for what the files behind it have to know.
 */

const { configuration, tenantsTold } = workerData as ThreadBeginning;

const wholeConfiguration: Configuration = {
  ...configuration,
  overrides: configuration.overrides.map((one) => ({ ...one, holdsFor: pathTest(one.files) })),
};

const folder = { configuration: wholeConfiguration, ...(tenantsTold && { tenantsTold }) };
const { dialect } = configuration;
const catalog = openCatalog(wholeConfiguration);
/** What the files told of so far do, in the history's order. */
let outlines: readonly AnalysedMigration[] = [];
const checked: Checked[] = [];
let count = 0;

/** The version of the history at which the last thing was said of a name, and the last of all of them. */
const changedAt = new Map<string, number>();
let allChangedAt = 0;
let version = 0;

/** A file of the history that was checked. */
interface Checked {
  readonly file: number;
  readonly migration: Migration;
  readonly found: Found;
  /** The history's, when that was found. */
  readonly version: number;
}

/** What was found in a file, and the names that this rests on. */
interface Found {
  readonly findings: string;
  readonly asked: readonly string[];
  /** Those of them that count as they are at the history's end. */
  readonly later: readonly string[];
}

// One request after the other, as each waits for the grammar.
let turn: Promise<unknown> = Promise.resolve();

parentPort?.on("message", (request: ThreadRequest) => {
  turn = turn.then(() => (request.kind === "files" ? read(request.files) : end()));
});

async function read(told: readonly ToldFile[]): Promise<void> {
  const files = [];
  for (const one of told) files.push(await readFile(one));
  outlines = [...outlines, ...files.flatMap(({ isInHistory, outline }) => (isInHistory ? [outline] : []))];
  noteChanges(catalog.read(outlines));
  const replies: FileRead[] = [];
  const late: FileChecked[] = [];
  for (const { file, migration, analysis, isInHistory, isWanted, isNew, outline } of files) {
    // What is in no history comes behind all of it, alone.
    const history = catalog.read(isInHistory ? outlines : [...outlines, outline]);
    const found = isWanted && analysis !== null ? find(history, migration, analysis) : null;
    if (found !== null && isInHistory) checked.push({ file, migration, found, version: history.version });
    else if (found !== null) late.push(restOf(history, file, migration, found));
    const isCertain = found !== null && (found.later.length === 0 || !isInHistory);
    const findings = isCertain ? found.findings : null;
    replies.push({ file, outline: isNew ? outlineText(outline.analysis, dialect) : null, findings });
  }
  reply({ kind: "read", read: replies });
  reply({ kind: "checked", checked: late });
}

function noteChanges(history: CatalogHistory): void {
  const changed = history.changedSince(version);
  version = history.version;
  if (changed === "all") {
    changedAt.clear();
    allChangedAt = version;
  } else {
    for (const name of changed) changedAt.set(name, version);
  }
}

async function readFile({ migration: told, isInHistory, isWanted, outline: known }: ToldFile) {
  // Nobody runs what is checked here.
  const migration: Migration = { ...told, checksum: "" };
  const { path, scope, up, text } = migration;
  const isNew = known === null;
  const analysis = isNew || isWanted ? await analyse(text, dialect) : null;
  const does = isNew && analysis !== null ? outlined(analysis, dialect) : readOutline(text, known ?? "[]");
  return {
    file: count++,
    migration,
    isInHistory,
    isWanted,
    isNew,
    analysis,
    outline: { path, scope, up, analysis: does },
  };
}

/** Tells what had to wait for the last file, and then what all findings rest on, for which nobody waits. */
async function end(): Promise<void> {
  const history = catalog.read(outlines);
  const all: Checked[] = [];
  for (const part of parts(checked)) {
    const now = [];
    for (const one of part) {
      const isSame = one.found.later.every((name) => (changedAt.get(name) ?? allChangedAt) <= one.version);
      now.push(isSame ? one : await checkedAgain(history, one));
    }
    reply({ kind: "read", read: now.map(({ file, found }) => ({ file, outline: null, findings: found.findings })) });
    all.push(...now);
  }
  for (const part of parts(all)) {
    const told = part.map(({ file, migration, found }) => restOf(history, file, migration, found));
    reply({ kind: "checked", checked: told });
  }
  reply({ kind: "done" });
}

/** Checks a file again of which files behind it make another thing. */
async function checkedAgain(history: CatalogHistory, one: Checked): Promise<Checked> {
  const { migration } = one;
  return { ...one, found: find(history, migration, await analyse(migration.text, dialect)) };
}

function find(history: CatalogHistory, migration: Migration, analysis: OpenAnalysis): Found {
  const { path } = migration;
  const findings = findingsText(lintMigration(migration, analysis, history, settingsOf(folder, path)));
  const found = { findings, asked: namesAsked(history, path), later: namesAskedLater(history, path) };
  forgetFindings(history, path);
  return found;
}

function restOf(history: CatalogHistory, file: number, { path }: Migration, { asked }: Found): FileChecked {
  return { file, asked: JSON.stringify(asked), rest: history.restOf(path, asked) };
}

/** So many files are told of in one message, which its reader takes in at once. */
const atOnce = 20;

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce);
}

function reply(message: ThreadReply): void {
  parentPort?.postMessage(message);
}
