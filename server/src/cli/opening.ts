import { setImmediate } from "node:timers/promises";
import type { AskPassword, Target } from "../app/target";
import type { FleetState } from "../engine/state";
import type { Connection } from "../project/connections";
import type { Problem } from "../project/problem";
import type { Project } from "../project/project";
import { Interrupted, unlessAborted } from "./interrupt";
import { placeText } from "./shownPath";
import type { Terminal } from "./terminal";
import { visible } from "./text";
import type { Call, Flags } from "./verb";

/** The project of the current folder, or of `--config`. */
export async function projectOf(
  { config, cache = true }: Flags,
  onSettings?: (project: Project) => void,
): Promise<Project> {
  const { openProject } = await import("../app/openProject");
  const { openCache } = await import("../project/cache");
  const kept = cache ? openCache(process.env) : undefined;
  return openProject(process.cwd(), config, { trusted: true, cache: kept, onSettings });
}

/** Tells what is wrong with a project's files, as far as it weighs that much. */
export function noteProblems({ root, problems }: Project, severity: Problem["severity"], terminal: Terminal): void {
  for (const { path: file, line, column, message } of problems.filter((problem) => problem.severity === severity)) {
    terminal.note(`${placeText(root, { file, line, column })}: ${severity}: ${message}`);
  }
}

/** How a command uses a database. */
export interface DatabaseUse {
  /** What other users of the database are told that it is open for. */
  readonly command: string;
  /** `change` wants the name of a protected connection again. */
  readonly purpose: "read" | "change";
  /** Where a password comes from; absent: from the person at the terminal. */
  readonly password?: AskPassword;
}

/** Opens the database that the flags choose, while the migrations are read, and closes it when the work is done. Ctrl-C ends the wait for it. */
export async function withDatabase<T>(call: Call, how: DatabaseUse, use: (target: Target) => Promise<T>): Promise<T> {
  const { flags, terminal, interrupt } = call;
  const { settings, loading } = beginProject(flags);
  const connection = settings.then((project) => connectionOf(project, flags));
  const telling = loading.then(async (project) => {
    noteProblems(project, "warning", terminal);
    for (const warning of (await connection).warnings) terminal.note(`warning: ${visible(warning)}`);
    return project;
  });
  const ask = how.password ?? askedOn(call);
  const password: AskPassword = async (request) => {
    await telling;
    return ask(request);
  };
  const opening = open(settings, connection, call, { ...how, password });
  // It is waited for below, where its fault is told.
  opening.catch(() => undefined);
  const begin = async () => {
    const project = await telling;
    return { ...(await unlessAborted(interrupt.stop, opening)), project };
  };
  const target = await begin().catch((error: unknown) => {
    // What is opened after all would hold the process.
    opening.then(({ database }) => database.close()).catch(() => undefined);
    throw error;
  });
  try {
    return await use(target);
  } finally {
    // What was done stands, even where nobody wants to wait for the farewell.
    await unlessAborted(interrupt.cancel, target.database.close()).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
    });
  }
}

/** The project, and before it what its configuration says. */
function beginProject(flags: Flags): { settings: Promise<Project>; loading: Promise<Project> } {
  let tell = (_: Project) => {};
  const settings = new Promise<Project>((told) => {
    tell = told;
  });
  return { settings, loading: projectOf(flags, tell) };
}

async function connectionOf(project: Project, { connection }: Flags): Promise<Connection> {
  const { chooseConnection } = await import("../app/target");
  return chooseConnection(project, connection);
}

async function open(
  settings: Promise<Project>,
  chosen: Promise<Connection>,
  { flags }: Call,
  { command, purpose, password }: DatabaseUse & { readonly password: AskPassword },
): Promise<Target> {
  const [project, connection] = await Promise.all([settings, chosen]);
  const { openTarget, requireConfirmation } = await import("../app/target");
  if (purpose === "change") requireConfirmation(connection, flags.confirm);
  return openTarget(project, connection, { password, command });
}

/**
 * Asks for the state of the fleet. The question is on its way by then, and what its answer is for may be loaded meanwhile.
 * @param unrecorded is told, before the answer is there, where the database has no records yet
 */
export async function askState(
  target: Target,
  unrecorded?: () => void,
): Promise<{ readonly state: Promise<FleetState> }> {
  const { fleetStateOf } = await import("../app/fleetState");
  const state = fleetStateOf(target, unrecorded);
  // It is waited for by whoever takes it, who is told of its fault.
  state.catch(() => undefined);
  await setImmediate();
  return { state };
}

function askedOn({ terminal, interrupt }: Call): AskPassword {
  return async ({ label, retry }) =>
    terminal.interactive
      ? terminal.askHidden(`${retry ? "That password was refused. " : ""}Password for ${label}: `, interrupt.stop)
      : null;
}
