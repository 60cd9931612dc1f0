import { on } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import type { LintSettings } from "../rules/lint";
import { isOutlined, keepOutline, outlineOf } from "./analyses";
import { settingsOf } from "./check";
import { isChecked, keepChecked } from "./checked";
import { outlineText, readOutline } from "./outlineText";
import type {
  FileChecked,
  FileOutline,
  PlainConfiguration,
  PlainMigration,
  ThreadBeginning,
  ThreadReply,
  ThreadRequest,
} from "./threadMessages";

/**
 * A folder's files while threads analyse and check them. Where a thread fails, what it would have told is missing, and is found by whoever
 * looks for it.
 */
export interface FolderReading {
  /** It is known what all files do. */
  readonly outlined: Promise<void>;
  /** What is found in a file is known. */
  checked(migration: Migration): Promise<void>;
}

/**
 * Has files analysed and checked in threads of their own, where the project wants that and it is much. Asked again of the same history it is the same
 * reading. @param files those of the history, and others to check
 */
export function readInThreads(project: Project, files: readonly Migration[]): FolderReading | null {
  if (project.threads !== true) return null;
  const settings = settingsOf(project, "");
  const known = readings.get(project.migrations);
  if (known?.settings === settings) return known.reading;
  const unread = files.filter((migration) => !isOutlined(migration) || !isChecked(project, migration));
  if (!isMuch(unread)) return null;
  const reading = startReading(project, files, unread);
  readings.set(project.migrations, { settings, reading });
  return reading;
}

const readings = new WeakMap<readonly Migration[], { settings: LintSettings; reading: FolderReading }>();

/** One thread reads the longest file, however many there are. */
function isMuch(unread: readonly Migration[]): boolean {
  const lengths = unread.map(({ text }) => text.length);
  return lengths.reduce((sum, length) => sum + length, 0) - Math.max(0, ...lengths) >= much;
}

/** Characters beside the longest file's; to start threads takes as long as to check so many. */
const much = 300_000;
const mostThreads = 4;
const filesAtOnce = 100;

/** One folder at a time: what has changed meanwhile is little. */
let turn: Promise<unknown> = Promise.resolve();

function startReading(project: Project, files: readonly Migration[], unread: readonly Migration[]): FolderReading {
  const outlined = openEvent();
  const waiting = new Map(unread.map((migration) => [migration, openEvent()]));
  const ended = turn
    .then(() => readAll(project, files, unread, outlined.happen, (migration) => waiting.get(migration)?.happen()))
    // Without threads the same is found, only later.
    .catch(() => {})
    .then(outlined.happen);
  turn = ended;
  return {
    outlined: outlined.past,
    checked: (migration) => Promise.race([ended, waiting.get(migration)?.past ?? ended]),
  };
}

interface Event {
  readonly past: Promise<void>;
  happen(): void;
}

function openEvent(): Event {
  let happen = () => {};
  const past = new Promise<void>((done) => {
    happen = done;
  });
  return { past, happen };
}

async function readAll(
  project: Project,
  files: readonly Migration[],
  missing: readonly Migration[],
  outlined: () => void,
  checked: (migration: Migration) => void,
): Promise<void> {
  // Another reading, which had its turn before, may have told of them.
  const unread = missing.filter((migration) => !isOutlined(migration) || !isChecked(project, migration));
  if (!isMuch(unread)) return;
  const history = new Set(project.migrations);
  const all = [...project.migrations, ...files.filter((migration) => !history.has(migration))];
  const slices = openSlices();
  const threads = await openThreads(project);
  try {
    for (let from = 0; from < all.length; from += filesAtOnce) {
      const some = all.slice(from, from + filesAtOnce);
      // The history's files come first, and the others in messages of their own.
      for (const inHistory of [true, false]) {
        const own = some.filter((migration) => history.has(migration) === inHistory);
        if (own.length > 0) threads.send({ kind: "files", files: own.map(plainMigration), inHistory });
      }
      await slices.rest();
    }
    const known = all.flatMap((migration, file) => (isOutlined(migration) ? [{ migration, file }] : []));
    for (let from = 0; from < known.length; from += filesAtOnce) {
      const outlines = known.slice(from, from + filesAtOnce).map(({ migration, file }) => ({
        file,
        outline: outlineText(outlineOf(migration), project.configuration.dialect),
      }));
      threads.send({ kind: "outlines", outlines });
      await slices.rest();
    }
    threads.send({ kind: "read" });
    await threads.repliesUntil("read", async (reply, from) => {
      if (reply.kind !== "outlines") return;
      threads.send(reply, from);
      for (const one of reply.outlines) takeOutline(all, one);
      await slices.rest();
    });
    outlined();
    const numbers = new Map(all.map((migration, file) => [migration, file]));
    threads.send({ kind: "check", files: unread.map((migration) => numbers.get(migration) ?? -1) });
    await threads.repliesUntil("done", async (reply) => {
      for (const one of reply.kind === "checked" ? reply.checked : []) {
        const migration = all[one.file];
        if (migration === undefined) continue;
        takeChecked(project, migration, one);
        checked(migration);
        await slices.rest();
      }
    });
  } finally {
    threads.end();
  }
}

function takeOutline(all: readonly Migration[], { file, outline }: FileOutline): void {
  const migration = all[file];
  if (migration !== undefined && !isOutlined(migration)) keepOutline(migration, readOutline(migration.text, outline));
}

function takeChecked(project: Project, migration: Migration, { findings, asked, rest }: FileChecked): void {
  keepChecked(project, migration, { findings: JSON.parse(findings), asked, rest });
}

function plainMigration({ checksum: _, ...plain }: Migration): PlainMigration {
  return plain;
}

interface Threads {
  /** @param except the number of a thread that knows it already */
  send(request: ThreadRequest, except?: number): void;
  /** Takes in what the threads tell until each has told that it is through. @throws where one of them fails */
  repliesUntil(last: ThreadReply["kind"], take: (reply: ThreadReply, from: number) => Promise<void>): Promise<void>;
  end(): void;
}

async function openThreads({ configuration, tenantsTold }: Project): Promise<Threads> {
  // Hardly any process needs them.
  const { Worker } = await import("node:worker_threads");
  const overrides = configuration.overrides.map(({ holdsFor, ...one }) => one);
  // Connections may hold passwords, and nothing connects there.
  const plain: PlainConfiguration = { ...configuration, overrides, connections: {}, defaultConnection: null };
  const parts = Math.max(1, Math.min(mostThreads, availableParallelism()));
  const ending = new AbortController();
  const threads = Array.from({ length: parts }, (_, part) => {
    const workerData: ThreadBeginning = { configuration: plain, tenantsTold: tenantsTold ?? null, part, parts };
    const worker = new Worker(join(__DIST__, "thread.js"), { workerData, resourceLimits });
    worker.once("exit", () => ending.abort());
    return { worker, replies: on(worker, "message", { signal: ending.signal }) };
  });
  return {
    send(request, except) {
      threads.forEach(({ worker }, part) => {
        if (part !== except) worker.postMessage(request);
      });
    },
    async repliesUntil(last, take) {
      await Promise.all(
        threads.map(async ({ replies }, part) => {
          for (;;) {
            const { value } = await replies.next();
            const [reply] = value as [ThreadReply];
            if (reply.kind === last) return;
            await take(reply, part);
          }
        }),
      );
    },
    end() {
      ending.abort();
      for (const { worker } of threads) void worker.terminate();
    },
  };
}

/** Most of what is made while a file is read is used no longer than that, and costs nothing to give up while it is young. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };
