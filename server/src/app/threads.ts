import { on } from "node:events";
import { join } from "node:path";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import type { LintSettings } from "../rules/lint";
import { isOutlined, keepOutline, outlineTextOf } from "./analyses";
import { settingsOf } from "./check";
import { findingsTextOf, isChecked, keepChecked, keepFound } from "./checked";
import type { PlainConfiguration, ThreadBeginning, ThreadReply, ThreadRequest, ToldFile } from "./threadMessages";

/**
 * A folder's files while a thread analyses and checks them. Where the thread fails, what it would have told is missing, and is found by whoever
 * looks for it.
 */
export interface FolderReading {
  /** It is known what all files do. */
  readonly outlined: Promise<void>;
  /** It is known what is found in a file. */
  checked(migration: Migration): Promise<void>;
  /** Nothing more will be told. */
  readonly ended: Promise<void>;
}

/**
 * Has files analysed and checked in a thread, where the project wants that and it is much. Asked again of the same history it is the same reading. More
 * threads would each have to know what all files do, and each take a second to become quick. @param files those of the history, and others to check
 */
export function readInThread(project: Project, files: readonly Migration[]): FolderReading | null {
  if (project.threads !== true) return null;
  const settings = settingsOf(project, "");
  const known = readings.get(project.migrations);
  if (known?.settings === settings) return known.reading;
  const unread = files.filter((migration) => !isRead(project, migration));
  if (!isMuch(unread)) return null;
  const reading = startReading(project, files, unread);
  readings.set(project.migrations, { settings, reading });
  return reading;
}

const readings = new WeakMap<readonly Migration[], { settings: LintSettings; reading: FolderReading }>();

function isRead(project: Project, migration: Migration): boolean {
  return isOutlined(migration) && isChecked(project, migration);
}

/** A long file is read where it is, however many short ones there are. */
function isMuch(unread: readonly Migration[]): boolean {
  let [all, longest] = [0, 0];
  for (const { text } of unread) {
    all += text.length;
    longest = Math.max(longest, text.length);
  }
  return all - longest >= much;
}

/** Characters beside the longest file's; to start a thread takes as long as to check so many. */
const much = 300_000;
const filesAtOnce = 50;

/** One folder at a time: what has changed meanwhile is little. */
let turn: Promise<unknown> = Promise.resolve();

function startReading(project: Project, files: readonly Migration[], unread: readonly Migration[]): FolderReading {
  const outlined = openEvent();
  const waiting = new Map<Migration, Event>();
  const told = new Set<Migration>();
  const checked = (migration: Migration) => {
    told.add(migration);
    waiting.get(migration)?.happen();
  };
  const wanted = new Set(unread);
  const ended = turn
    .then(() => readAll(project, files, unread, outlined.happen, checked))
    // Without the thread the same is found, only later.
    .catch(() => {})
    .then(outlined.happen);
  turn = ended;
  return {
    outlined: outlined.past,
    ended,
    checked(migration) {
      if (told.has(migration) || !wanted.has(migration)) return Promise.resolve();
      const event = waiting.get(migration) ?? openEvent();
      waiting.set(migration, event);
      return Promise.race([ended, event.past]);
    },
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
  const unread = new Set(missing.filter((migration) => !isRead(project, migration)));
  if (!isMuch([...unread])) return;
  const history = new Set(project.migrations);
  const all = [...project.migrations, ...files.filter((migration) => !history.has(migration))];
  const slices = openSlices();
  const thread = await openThread(project);
  try {
    for (let from = 0; from < all.length; from += filesAtOnce) {
      const some = all.slice(from, from + filesAtOnce).map(
        (migration): ToldFile => ({
          migration: sendable(migration),
          isInHistory: history.has(migration),
          isWanted: unread.has(migration) && !isChecked(project, migration),
          outline: isOutlined(migration) ? outlineTextOf(project, migration) : null,
        }),
      );
      thread.send({ kind: "files", files: some });
      await slices.rest();
    }
    thread.send({ kind: "end" });
    let unknown = all.filter((migration) => !isOutlined(migration)).length;
    if (unknown === 0) outlined();
    for (;;) {
      const reply = await thread.reply();
      if (reply.kind === "done") return;
      if (reply.kind === "read") {
        for (const { file, outline, findings } of reply.read) {
          const migration = all[file];
          if (migration === undefined) continue;
          if (outline !== null && !isOutlined(migration)) keepOutline(migration, outline);
          if (outline !== null) unknown--;
          if (findings === null) continue;
          keepFound(project, migration, findings);
          checked(migration);
        }
        if (unknown === 0) outlined();
      } else {
        for (const { file, asked, rest } of reply.checked) {
          const migration = all[file];
          const findings = migration && findingsTextOf(project, migration);
          if (migration && findings) keepChecked(project, migration, { findings, asked, rest });
        }
      }
      await slices.rest();
    }
  } finally {
    thread.end();
  }
}

function sendable({ checksum: _, ...sent }: Migration): ToldFile["migration"] {
  return sent;
}

interface Thread {
  send(request: ThreadRequest): void;
  /** What it tells next. @throws where it fails */
  reply(): Promise<ThreadReply>;
  end(): void;
}

async function openThread({ configuration, tenantsTold }: Project): Promise<Thread> {
  // Hardly any process needs it.
  const { Worker } = await import("node:worker_threads");
  const overrides = configuration.overrides.map(({ holdsFor, ...one }) => one);
  // Connections may hold passwords, and nothing connects there.
  const plain: PlainConfiguration = { ...configuration, overrides, connections: {}, defaultConnection: null };
  const workerData: ThreadBeginning = { configuration: plain, tenantsTold: tenantsTold ?? null };
  const ending = new AbortController();
  const worker = new Worker(join(__DIST__, "thread.js"), { workerData });
  worker.once("exit", () => ending.abort());
  const replies = on(worker, "message", { signal: ending.signal });
  return {
    send(request) {
      worker.postMessage(request);
    },
    async reply() {
      const { value } = await replies.next();
      const [reply] = value as [ThreadReply];
      return reply;
    },
    end() {
      ending.abort();
      void worker.terminate();
    },
  };
}
