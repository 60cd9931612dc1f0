import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { reason } from "../project/files";
import { ProjectError } from "../project/projectError";

/** What is known of a run when it is started. */
export interface JournalHead {
  readonly run: string;
  readonly folder: string;
  readonly connection: string;
  readonly startedAt: string;
}

/** The files of one run: what its process says (events, and errors for people), who it is, and its head. */
export interface JournalFiles {
  readonly head: string;
  readonly events: string;
  readonly errors: string;
  readonly pid: string;
}

const KEPT_RUNS = 50;

/**
 * Begins a run's journal. The files are kept in the user's own state folder, so that a closed window loses nothing.
 * @throws ProjectError where nothing can be kept there
 */
export function beginJournal(head: JournalHead): JournalFiles {
  const folder = stateFolder();
  const files = journalFiles(head.run);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeOldest(folder);
    writeFileSync(files.head, JSON.stringify(head), { mode: 0o600 });
  } catch (error) {
    const message = `Nothing was run: ${folder}, where runs are kept for the windows to come, can't be written (${reason(error)}). In a terminal \`tenantry run\` does without it.`;
    throw new ProjectError(message, { cause: error });
  }
  return files;
}

export function journalFiles(run: string): JournalFiles {
  const of = (ending: string) => join(stateFolder(), `${run}.${ending}`);
  return { head: of("json"), events: of("events"), errors: of("errors"), pid: of("pid") };
}

/** The heads of a folder's runs, or of all folders', newest first. */
export async function readJournals(folder: string | null): Promise<JournalHead[]> {
  const heads = await Promise.all(headFiles(stateFolder()).map((name) => readHead(join(stateFolder(), name))));
  return heads
    .filter((head): head is JournalHead => head !== null && (folder === null || head.folder === folder))
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** Reads a growing file of lines from where the last call ended; a line that isn't ended yet is left for the next call. */
export function lineReader(path: string): () => string[] {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(64 * 1024);
  let offset = 0;
  let rest = "";
  return () => {
    let file: number;
    try {
      file = openSync(path, "r");
    } catch {
      return [];
    }
    try {
      for (let read = 1; read > 0; offset += read) {
        read = readSync(file, buffer, 0, buffer.length, offset);
        rest += decoder.write(buffer.subarray(0, read));
      }
    } finally {
      closeSync(file);
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    return lines;
  };
}

async function readHead(path: string): Promise<JournalHead | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as JournalHead;
  } catch {
    // Removed meanwhile by another window, or cut short when the machine went down.
    return null;
  }
}

function stateFolder(): string {
  const home = homedir();
  const base =
    process.platform === "win32"
      ? (process.env.LOCALAPPDATA ?? join(home, "AppData", "Local"))
      : (process.env.XDG_STATE_HOME ?? join(home, ".local", "state"));
  return join(base, "tenantry", "runs");
}

function headFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

function removeOldest(folder: string): void {
  const byAge = headFiles(folder)
    .map((name) => ({ run: name.slice(0, -".json".length), at: modified(join(folder, name)) }))
    .sort((a, b) => b.at - a.at);
  for (const { run } of byAge.slice(KEPT_RUNS))
    for (const path of Object.values(journalFiles(run))) rmSync(path, { force: true });
}

/** Of a file that another window has removed meanwhile it is the time before all others. */
function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
