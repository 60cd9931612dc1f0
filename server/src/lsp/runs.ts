import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Problem, RunEvent, RunEvents, RunInfo } from "../protocol";
import { beginJournal, type JournalFiles, type JournalHead, journalFiles, lineReader, readJournals } from "./journal";

/** The runs that this server started or found going on; each is a process of its own that outlives the server. */
export interface Runs {
  /** Starts `tenantry run` with these arguments. */
  start(request: RunRequest): Promise<string>;
  /** Asks a run to stop; returns false where no such run goes on. */
  cancel(run: string): boolean;
  list(folder: string): Promise<RunInfo[]>;
  /** The processes of those that go on, in this window or another of this machine. */
  processes(): Promise<ReadonlySet<number>>;
}

export interface RunRequest {
  readonly folder: string;
  /** The connection's name, for people. */
  readonly connection: string;
  /** `retry` for only what failed in the last run. */
  readonly command: "run" | "retry";
  /** What follows `tenantry run --format json --control`. */
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  /** Sent over standard input, so that it stands in no list of processes and in no environment. */
  readonly password: string | null;
}

const PROGRESS_INTERVAL_MS = 100;

// VS Code's client ends every descendant of the server when it stops; one whose parent has ended is not among them.
const LAUNCHER = `
const { spawn } = require("node:child_process");
const child = spawn(process.execPath, process.argv.slice(1), { detached: true, windowsHide: true, stdio: [3, "inherit", "inherit"] });
require("node:fs").writeSync(4, String(child.pid ?? ""));
process.exit(0);
`;

/** @param report is told what runs do, in batches. */
export function createRuns(report: (events: RunEvents) => void): Runs {
  const controls = new Map<string, Writable>();
  const followed = new Set<string>();

  const follow = (head: JournalHead): void => {
    if (followed.has(head.run)) return;
    followed.add(head.run);
    const files = journalFiles(head.run);
    const read = lineReader(files.events);
    let first = 0;
    const timer = setInterval(() => {
      // Asked before reading: what a process wrote before it ended is read in any case.
      const live = isLive(files);
      const events = read().flatMap(parseEvent);
      const batch = { run: head.run, folder: head.folder, first, events };
      first += events.length;
      if (live && events.length > 0) report(batch);
      if (live) return;
      clearInterval(timer);
      rmSync(files.pid, { force: true });
      followed.delete(head.run);
      controls.get(head.run)?.destroy();
      controls.delete(head.run);
      report({ ...batch, ended: { problem: problemOf(files, readEvents(files)) } });
    }, PROGRESS_INTERVAL_MS);
    timer.unref();
  };

  return {
    async start(request) {
      const { folder, connection } = request;
      const head = { run: randomUUID(), folder, connection, startedAt: new Date().toISOString() };
      const files = beginJournal(head);
      controls.set(head.run, await launch(request, files));
      follow(head);
      return head.run;
    },

    cancel(run) {
      const files = journalFiles(run);
      if (!isLive(files) || hasEnded(readEvents(files))) return false;
      const control = controls.get(run);
      // Another window's run has no pipe to this one; a signal asks it the same.
      if (control) control.write('{"cancel":true}\n');
      else process.kill(readPid(files), "SIGINT");
      return true;
    },

    async processes() {
      const heads = await readJournals(null);
      return new Set(
        heads
          .map(({ run }) => journalFiles(run))
          .filter(isLive)
          .map(readPid),
      );
    },

    async list(folder) {
      const heads = await readJournals(folder);
      return heads.map((head) => {
        const files = journalFiles(head.run);
        const events = readEvents(files);
        const live = !hasEnded(events) && isLive(files);
        if (live) follow(head);
        return { ...head, live, events, problem: live ? null : problemOf(files, events) };
      });
    },
  };
}

/** Resolves with the pipe to the run's standard input, once the run's process is there. */
async function launch(request: RunRequest, files: JournalFiles): Promise<Writable> {
  const events = openSync(files.events, "a", 0o600);
  const errors = openSync(files.errors, "a", 0o600);
  try {
    const command = [join(__DIST__, "cli.js"), request.command, "--format", "json", "--control", ...request.arguments];
    const launcher = spawn(process.execPath, ["-e", LAUNCHER, "--", ...command], {
      cwd: request.workingDirectory,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", events, errors, "pipe", "pipe"],
      windowsHide: true,
    });
    const control = launcher.stdio[3] as Writable;
    // The run may end before everything is written; that it ended is seen elsewhere.
    control.on("error", () => {});
    control.write(`${JSON.stringify({ password: request.password })}\n`);
    let pid = "";
    launcher.stdio[4]?.on("data", (bytes: Buffer) => {
      pid += bytes.toString();
    });
    await new Promise<void>((done, failed) => {
      launcher.once("error", failed);
      launcher.stdio[4]?.once("close", done);
    });
    if (!/^\d+$/.test(pid)) throw new Error("The run's process could not be started.");
    writeFileSync(files.pid, pid, { mode: 0o600 });
    return control;
  } finally {
    closeSync(events);
    closeSync(errors);
  }
}

/** Once a run has ended, and no window was there to see it, the number of its process may be another's. */
function hasEnded(events: readonly RunEvent[]): boolean {
  return events.some(({ event }) => event === "summary");
}

function isLive(files: JournalFiles): boolean {
  try {
    process.kill(readPid(files), 0);
    return true;
  } catch {
    return false;
  }
}

/** @throws where the run's process was never there. */
function readPid(files: JournalFiles): number {
  return Number.parseInt(readFileSync(files.pid, "utf8"), 10);
}

function readEvents(files: JournalFiles): RunEvent[] {
  return lineReader(files.events)().flatMap(parseEvent);
}

/** A machine that goes down may leave a line that says nothing. */
function parseEvent(line: string): RunEvent[] {
  try {
    return [JSON.parse(line) as RunEvent];
  } catch {
    return [];
  }
}

/** Why a run that has ended did not do what it was asked; a run with a summary did, whatever became of its tenants. */
function problemOf(files: JournalFiles, events: readonly RunEvent[]): Problem | null {
  if (hasEnded(events)) return null;
  const refusals = events.flatMap((event) => (event.event === "plan" ? event.refusals : []));
  const message = refusals.map((refusal) => refusal.message).join("\n") || readErrors(files);
  if (refusals.some(({ code }) => code === "plan-changed")) return { kind: "changed", message };
  if (refusals.some(({ code }) => code === "run-in-progress")) return { kind: "busy", message };
  if (refusals.length > 0) return { kind: "refused", message };
  return { kind: "failed", message };
}

function readErrors(files: JournalFiles): string {
  const text = readFileSync(files.errors, "utf8").trim();
  return (
    text || "The run ended before it could say how. Its transactions are rolled back; run again to do what is missing."
  );
}
