import { hostname } from "node:os";
import { CancellationToken } from "vscode-languageserver/node";
import { followRun, type RecordedRun, recordedRuns, stopRuns } from "../app/recordedRuns";
import type { Target } from "../app/target";
import { leftByRun } from "../engine/text";
import type { Answer, ConnectionParams, RunEvent, RunEvents, RunInfo } from "../protocol";
import { answer } from "./answer";
import type { Context } from "./context";
import { withTarget } from "./target";

/** Runs that were started elsewhere: on another machine, or from a command line. They are known by the database's records. */
export interface OtherRuns {
  /** Looks for runs that go on in a database that is open anyway, and follows those that aren't known here. */
  notice(context: Context, params: ConnectionParams, connection: string, target: Target): Promise<void>;
  /** Those of a folder that were noticed, the newest first. */
  list(folder: string): RunInfo[];
  /** Asks one to stop; false where none of that name goes on. */
  cancel(context: Context, run: string): Promise<boolean>;
}

interface Followed {
  readonly info: RunInfo;
  readonly events: RunEvent[];
  readonly params: ConnectionParams;
  live: boolean;
  problem: RunInfo["problem"];
  /** Whether it was asked to stop already, so that the next request is to cancel. */
  asked: boolean;
}

/** @param report is told what runs do. @param begun is told that a folder has one more. */
export function createOtherRuns(report: (events: RunEvents) => void, begun: (folder: string) => void): OtherRuns {
  const followed = new Map<string, Followed>();

  const follow = async (context: Context, run: RecordedRun, one: Followed) => {
    const { folder } = one.info;
    let told = 0;
    const flush = () => {
      if (told === one.events.length) return;
      report({ run: run.id, folder, first: told, events: one.events.slice(told) });
      told = one.events.length;
    };
    // The outcomes of half a second come one after the other, and are told as one.
    const tell = (event: RunEvent) => {
      if (told === one.events.length) setImmediate(flush);
      one.events.push(event);
    };
    const ended = await withTarget(context, one.params, CancellationToken.None, async ({ database }) =>
      answer(await followRun(database, run, tell, new AbortController().signal)),
    ).catch((fault: unknown) => ({ ok: false, problem: { kind: "failed", message: String(fault) } }) as const);
    flush();
    one.live = false;
    one.problem = problemOf(ended);
    report({ run: run.id, folder, first: one.events.length, events: [], ended: { problem: one.problem } });
  };

  return {
    async notice(context, params, connection, { database }) {
      // An embedded database has one user at a time.
      if (database.abilities.sessions < 2) return;
      const own = await context.runs.processes();
      for (const run of await recordedRuns(database, 5)) {
        const isOwn = run.host === hostname() && own.has(run.pid);
        if (run.state !== "running" || isOwn || followed.has(run.id)) continue;
        const { folder } = params;
        const events: RunEvent[] = [];
        const info = { run: run.id, folder, connection, startedAt: run.startedAt, live: true, events, problem: null };
        const one: Followed = { info, events, params, live: true, problem: null, asked: false };
        followed.set(run.id, one);
        begun(folder);
        void follow(context, run, one);
      }
    },

    list: (folder) =>
      [...followed.values()]
        .filter(({ info }) => info.folder === folder)
        .map(({ info, events, live, problem }) => ({ ...info, live, problem, events: [...events] }))
        .reverse(),

    async cancel(context, run) {
      const one = followed.get(run);
      if (one?.live !== true) return false;
      const how = one.asked ? "cancel" : "stop";
      one.asked = true;
      const asked = await withTarget(context, one.params, CancellationToken.None, async ({ database }) =>
        answer(await stopRuns(database, how, run)),
      );
      return asked.ok && asked.value.length > 0;
    },
  };
}

function problemOf(ended: Answer<object | null>): RunInfo["problem"] {
  if (!ended.ok) return ended.problem;
  if (ended.value !== null) return null;
  return { kind: "failed", message: `The run's process is gone. ${leftByRun}` };
}
