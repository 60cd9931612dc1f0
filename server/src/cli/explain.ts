import { UsageError } from "../app/usageError";
import { DatabaseError, type FaultKind } from "../db/database";
import { EngineError } from "../engine/errors";
import { ProjectError } from "../project/projectError";
import { redactUrl } from "../project/redact";
import { type ExitCode, exitCodes } from "./exitCodes";
import { Interrupted } from "./interrupt";
import { placeText } from "./shownPath";

/** An error as it is told to the person at the terminal, and the exit code that it ends with. No password is ever in it. */
export function explain(error: unknown, environment: NodeJS.ProcessEnv): { text: string; code: ExitCode } {
  const told = tell(error);
  const stack = environment.TENANTRY_DEBUG && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return { text: redactUrl(`tenantry: ${told.text}${stack}`), code: told.code };
}

function tell(error: unknown): { text: string; code: ExitCode } {
  if (error instanceof Interrupted) {
    return { text: "Cancelled; nothing was changed.", code: exitCodes.cancelled };
  }
  if (error instanceof UsageError) {
    const place = error.place === null ? null : placeText("", error.place);
    return { text: place === null ? error.message : `${place}: ${error.message}`, code: exitCodes.usage };
  }
  if (error instanceof ProjectError) {
    return { text: error.message, code: exitCodes.usage };
  }
  if (error instanceof EngineError) {
    return { text: error.message, code: exitCodes.problems };
  }
  if (error instanceof DatabaseError) {
    const more = [error.detail, error.hint].filter((part) => part !== null);
    return { text: [error.message, ...more].join("\n  "), code: codeOf[error.kind] ?? exitCodes.problems };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    text: `This is a fault of Tenantry itself: ${message}\nPlease report it, with what TENANTRY_DEBUG=1 shows in front of the same command.`,
    code: exitCodes.problems,
  };
}

const codeOf: Partial<Record<FaultKind, ExitCode>> = {
  address: exitCodes.usage,
  connection: exitCodes.connection,
  authentication: exitCodes.connection,
  held: exitCodes.connection,
  cancelled: exitCodes.cancelled,
};
