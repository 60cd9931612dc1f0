import { type Database, DatabaseError } from "../db/database";
import { openDatabase } from "../db/open";
import { type Connection, resolveConnection } from "../project/connections";
import type { Project } from "../project/project";
import { UsageError } from "./usageError";

/** A project, the connection that was chosen for it, and its open database. */
export interface Target {
  readonly project: Project;
  readonly connection: Connection;
  readonly database: Database;
}

/** Gives a password, or null where there is none to be had. */
export type AskPassword = (request: PasswordRequest) => Promise<string | null>;

export interface PasswordRequest {
  /** Where the password will be sent, for people. */
  readonly label: string;
  /** True where the answer of the last request was refused. */
  readonly retry: boolean;
}

export interface OpenOptions {
  /** What the database is opened for, such as `status`: other users of it are told. */
  readonly command: string;
  /** Asked only after the server refused what the URL, the environment and `.pgpass` gave. */
  readonly password?: AskPassword;
}

/** The connection of that name or URL; none given, the default one. @throws UsageError */
export async function chooseConnection(
  project: Project,
  asked: string | undefined,
  from: "command line" | "editor" = "command line",
): Promise<Connection> {
  const resolved = await resolveConnection(project, asked === undefined ? { from } : { connection: asked, from });
  if ("problem" in resolved) {
    throw new UsageError(resolved.problem);
  }
  return resolved.connection;
}

/** Lets a protected connection be changed only by whoever names it. @throws UsageError */
export function requireConfirmation({ protected: isProtected, name }: Connection, confirm: string | undefined): void {
  if (!isProtected || confirm === name) {
    return;
  }
  const given = confirm === undefined ? "" : ` (--confirm ${confirm} names another)`;
  throw new UsageError(`The connection ${name} is protected${given}. If you mean it, add --confirm ${name}.`);
}

/**
 * Opens the connection's database; the caller closes it.
 * @throws DatabaseError of kind `address`, `connection`, `authentication` or `held`
 */
export async function openTarget(project: Project, connection: Connection, options: OpenOptions): Promise<Target> {
  const { url, label } = connection;
  let password: string | undefined;
  for (let asked = 0; ; asked += 1) {
    try {
      const database = await openDatabase({ url, password, command: options.command });
      return { project, connection, database };
    } catch (error) {
      const refused = error instanceof DatabaseError && error.kind === "authentication";
      const given = refused && asked < mostAsked ? await options.password?.({ label, retry: asked > 0 }) : null;
      if (given === null || given === undefined) {
        throw error;
      }
      password = given;
    }
  }
}

const mostAsked = 3;
