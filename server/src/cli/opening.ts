import type { AskPassword, Target } from "../app/target";
import type { Problem } from "../project/problem";
import type { Project } from "../project/project";
import { Interrupted, unlessAborted } from "./interrupt";
import { placeText } from "./shownPath";
import type { Terminal } from "./terminal";
import { visible } from "./text";
import type { Call, Flags } from "./verb";

/** The project of the current folder, or of `--config`. */
export async function projectOf({ config, cache = true }: Flags): Promise<Project> {
  const { openProject } = await import("../app/openProject");
  const { openCache } = await import("../project/cache");
  return openProject(process.cwd(), config, true, cache ? openCache(process.env) : undefined);
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

/** Opens the database that the flags choose, and closes it when the work is done. Ctrl-C ends the wait for it. */
export async function withDatabase<T>(call: Call, how: DatabaseUse, use: (target: Target) => Promise<T>): Promise<T> {
  const project = await projectOf(call.flags);
  const { chooseConnection, openTarget, requireConfirmation } = await import("../app/target");
  const { flags, terminal, interrupt } = call;
  noteProblems(project, "warning", terminal);
  const connection = await chooseConnection(project, flags.connection);
  for (const warning of connection.warnings) {
    terminal.note(`warning: ${visible(warning)}`);
  }
  if (how.purpose === "change") {
    requireConfirmation(connection, flags.confirm);
  }
  const password = how.password ?? askedOn(call);
  const target = await unlessAborted(
    interrupt.stop,
    openTarget(project, connection, { password, command: how.command }),
  );
  try {
    return await use(target);
  } finally {
    // What was done stands, even where nobody wants to wait for the farewell.
    await unlessAborted(interrupt.cancel, target.database.close()).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
    });
  }
}

function askedOn({ terminal, interrupt }: Call): AskPassword {
  return async ({ label, retry }) =>
    terminal.interactive
      ? terminal.askHidden(`${retry ? "That password was refused. " : ""}Password for ${label}: `, interrupt.stop)
      : null;
}
