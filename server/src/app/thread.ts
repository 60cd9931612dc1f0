import { parentPort, workerData } from "node:worker_threads";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import { pathTest } from "../project/folders";
import type { Project } from "../project/project";
import { analyseAll } from "./analyseAll";
import { analysisOf, isOutlined, keepOutline, outlineOf } from "./analyses";
import { checkNow } from "./checked";
import { plainFinding } from "./keptFindings";
import { outlineText, readOutline } from "./outlineText";
import {
  type FileChecked,
  type FileOutline,
  type PlainMigration,
  partOf,
  type ThreadBeginning,
  type ThreadReply,
  type ThreadRequest,
} from "./threadMessages";

/*
 * A thread that analyses and checks its part of a folder's files. What the files of other parts do it is told by those who read them.
 */

const { configuration, tenantsTold, part, parts } = workerData as ThreadBeginning;
const files: Migration[] = [];
let inHistory = 0;

parentPort?.on("message", (request: ThreadRequest) => {
  if (request.kind === "files") take(request.files, request.inHistory);
  else if (request.kind === "outlines") for (const one of request.outlines) takeOutline(one);
  else if (request.kind === "read") void read();
  else void check(request.files);
});

function take(told: readonly PlainMigration[], areInHistory: boolean): void {
  // Nobody runs what is checked here.
  for (const one of told) files.push({ ...one, checksum: "" });
  if (areInHistory) inHistory = files.length;
}

function takeOutline({ file, outline }: FileOutline): void {
  const migration = files[file];
  if (migration !== undefined && !isOutlined(migration)) keepOutline(migration, readOutline(migration.text, outline));
}

async function read(): Promise<void> {
  const project = projectNow();
  let outlines: FileOutline[] = [];
  for (const [file, migration] of files.entries()) {
    if (partOf(file, parts) !== part || isOutlined(migration)) continue;
    await analysisOf(project, migration);
    outlines.push({ file, outline: outlineText(outlineOf(migration), configuration.dialect) });
    if (outlines.length < atOnce) continue;
    reply({ kind: "outlines", outlines });
    outlines = [];
  }
  reply({ kind: "outlines", outlines });
  reply({ kind: "read" });
}

async function check(wanted: readonly number[]): Promise<void> {
  const project = projectNow();
  await analyseAll(project);
  let checked: FileChecked[] = [];
  for (const file of wanted) {
    const migration = files[file];
    if (migration === undefined || partOf(file, parts) !== part) continue;
    await analysisOf(project, migration);
    const { findings, asked, rest } = checkNow(project, migration);
    checked.push({ file, findings: JSON.stringify(findings.map(plainFinding)), asked, rest });
    if (checked.length < atOnce) continue;
    reply({ kind: "checked", checked });
    checked = [];
  }
  reply({ kind: "checked", checked });
  reply({ kind: "done" });
}

/** So many files are told of in one message, which its reader takes in at once. */
const atOnce = 20;

function projectNow(): Project {
  return {
    root: "",
    configurationPath: null,
    configuration: wholeConfiguration,
    migrations: files.slice(0, inHistory),
    problems: [],
    trusted: false,
    ...(tenantsTold && { tenantsTold }),
  };
}

const wholeConfiguration: Configuration = {
  ...configuration,
  overrides: configuration.overrides.map((one) => ({ ...one, holdsFor: pathTest(one.files) })),
};

function reply(message: ThreadReply): void {
  parentPort?.postMessage(message);
}
