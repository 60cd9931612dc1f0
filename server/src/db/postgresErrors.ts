import { fromCodePoints } from "../sql/offsets";
import { DatabaseError, type FaultKind } from "./database";

/** A fault as PostgreSQL's driver, or the network under it, throws it. */
interface DriverError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly position?: string;
  readonly errors?: readonly Error[];
}

/** What was going on when a fault came. */
export interface FaultContext {
  /** The SQL that was sent, for the fault's position. */
  readonly sql?: string;
  /** How many statements of it were complete. */
  readonly completed?: number;
  /** Whether we ourselves asked the server to cancel. */
  readonly cancelled?: boolean;
}

const kinds: Readonly<Record<string, FaultKind>> = {
  "55P03": "lock-timeout",
  "57014": "statement-timeout",
  "40P01": "deadlock",
  "40001": "serialization",
  "57P01": "connection",
  "57P02": "connection",
  "57P03": "connection",
  "53300": "connection",
  "3D000": "connection",
  "28000": "authentication",
  "28P01": "authentication",
};

/** Translates what the driver threw while it talked to a server. */
export function postgresFault(thrown: unknown, { sql, completed, cancelled }: FaultContext = {}): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrown as DriverError;
  const { code = "" } = error;
  const isServers = /^[0-9A-Z]{5}$/.test(code) && "severity" in error;
  if (!isServers)
    return new DatabaseError(
      { kind: "connection", code: code || "CONNECTION", message: lost(error) },
      { cause: error },
    );
  return new DatabaseError(
    {
      kind: kindOf(error, code, cancelled === true),
      code,
      message: error.message,
      detail: error.detail ?? null,
      hint: error.hint ?? null,
      context: error.where ?? null,
      position: error.position && sql !== undefined ? fromCodePoints(sql, Number(error.position) - 1) : null,
      statement: completed ?? null,
    },
    { cause: error },
  );
}

/** Translates what the driver threw while it connected; says where to, and what to look at. */
export function connectFault(thrown: unknown, label: string, hasPassword: boolean): DatabaseError {
  const error = innermost(thrown as DriverError);
  const { code = "" } = error;
  const said = (kind: FaultKind, message: string) =>
    new DatabaseError({ kind, code: code || "CONNECTION", message }, { cause: error });
  switch (code) {
    case "ECONNREFUSED":
      return said("connection", `Nobody answers at ${label}: is the server started, and does it listen on that port?`);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return said("connection", `The host of ${label} isn't known: check its name, and the network.`);
    case "ENOENT":
      return said("connection", `There is no server's socket at ${label}: is the server started?`);
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return said("connection", `${label} can't be reached: check the address, the network and the firewall.`);
    case "28P01":
      return said(
        "authentication",
        hasPassword
          ? `The password for ${label} was refused. Correct it where it comes from: the variable that the URL names, or .pgpass.`
          : wanted(label),
      );
    case "28000":
      return said("authentication", `${label} doesn't let this user in: ${error.message}.`);
    case "3D000":
      return said("connection", `There is no such database: ${label}. Check its name, or create it: create database …`);
    case "53300":
      // The limit may be the server's, the database's or the role's, which the server alone says.
      return said(
        "connection",
        `${label} has no connection free (${error.message}). Try again later, or raise that limit; a run needs three connections at least.`,
      );
  }
  if (/password must be a string|no password/i.test(error.message)) return said("authentication", wanted(label));
  if (/timeout|timed out/i.test(error.message))
    return said("connection", `${label} didn't answer in time: check the address, the network and the firewall.`);
  if (/does not support SSL/.test(error.message))
    return said("connection", `${label} doesn't offer TLS, which sslmode demands.`);
  return said("connection", `${label} can't be connected to: ${error.message}`);
}

function wanted(label: string): string {
  return `${label} asks for a password, and none was given: put it in .pgpass, or in a variable that the URL names.`;
}

function kindOf(error: DriverError, code: string, cancelled: boolean): FaultKind {
  if (code === "57014" && cancelled) return "cancelled";
  // Two GRANTs at once on one object; there is no code of its own for it.
  if (code === "XX000" && /tuple concurrently (updated|deleted)/.test(error.message)) return "concurrent-update";
  return kinds[code] ?? (code.startsWith("08") ? "connection" : "sql");
}

function lost(error: DriverError): string {
  return `The connection to the server was lost: ${innermost(error).message || error.code || "no reason was given"}.`.replace(
    /\.\.$/,
    ".",
  );
}

/** A host with several addresses fails with one error for each. */
function innermost(error: DriverError): DriverError {
  return (error.errors?.[0] as DriverError | undefined) ?? error;
}
