import { type Disposable, type Event, EventEmitter } from "vscode";
import type { RunEvents, RunInfo } from "../../server/src/protocol";
import type { Server } from "./languageClient";
import { advance, type RunState, runState } from "./runState";

/** The runs that this window knows of, from any window. */
export interface Runs extends Disposable {
  /** Newest first. */
  of(folder: string): readonly RunState[];
  /** The run that goes on in a folder on one connection, if any does. */
  live(folder: string, connection?: string): RunState | undefined;
  readonly onDidChange: Event<RunState>;
  /** Takes in a run that was just started. */
  add(info: RunInfo): RunState;
  /** Asks the server for a folder's runs, and gives those that go on and weren't known here. */
  discover(folder: string): Promise<RunState[]>;
  /** Resolves when the run has ended; at once where it has. */
  ended(run: RunState): Promise<void>;
}

/** @param prototypeOf gives a folder's prototype schema. */
export function createRuns(server: Server, prototypeOf: (folder: string) => string): Runs {
  const changed = new EventEmitter<RunState>();
  const byId = new Map<string, RunState>();
  // Events can overtake the answer that names their run.
  const early = new Map<string, RunEvents[]>();

  const take = (message: RunEvents) => {
    const state = byId.get(message.run);
    if (!state) {
      early.set(message.run, [...(early.get(message.run) ?? []), message]);
      return;
    }
    advance(state, message.first, message.events);
    if (message.ended) {
      state.live = false;
      state.problem = message.ended.problem;
    }
    changed.fire(state);
  };

  const add = (info: RunInfo): RunState => {
    const known = byId.get(info.run);
    if (known) return known;
    const state = runState(info, prototypeOf(info.folder));
    byId.set(info.run, state);
    changed.fire(state);
    for (const message of early.get(info.run) ?? []) take(message);
    early.delete(info.run);
    return state;
  };

  const subscription = server.onNotification("tenantry/runEvents", take);
  const of = (folder: string) =>
    [...byId.values()].filter((run) => run.folder === folder).sort((a, b) => b.startedAt.localeCompare(a.startedAt));

  return {
    of,
    live: (folder, connection) =>
      of(folder).find((run) => run.live && (connection === undefined || run.connection === connection)),
    onDidChange: changed.event,
    add,
    discover: async (folder) => {
      const answer = await server.request("tenantry/runs", { folder });
      if (!answer.ok) return [];
      const found = answer.value.filter((info) => !byId.has(info.run));
      return found.map(add).filter((run) => run.live);
    },
    ended: (run) =>
      new Promise((resolve) => {
        if (!run.live) return resolve();
        const listener = changed.event((state) => {
          if (state !== run || run.live) return;
          listener.dispose();
          resolve();
        });
      }),
    dispose: () => {
      subscription.dispose();
      changed.dispose();
    },
  };
}
