import { type Database, DatabaseError } from "./database";

export interface OpenOptions {
  /** `postgresql://…`, `embedded:FOLDER` with an absolute folder, or `embedded:memory`. */
  readonly url: string;
  /** Goes before the URL's own. */
  readonly password?: string | undefined;
  /** What the database is opened for, such as `run`: other users of the same database are told. */
  readonly command: string;
  /** How many sessions may be open at once; 20 unless given. An embedded database has one whatever is asked for. */
  readonly maxSessions?: number;
}

/**
 * Opens a database by its URL; each driver is loaded when it is first wanted.
 * @throws DatabaseError of kind `address`, `connection`, `authentication` or `held`
 */
export async function openDatabase({ url, password, command, maxSessions = 20 }: OpenOptions): Promise<Database> {
  const scheme = /^[a-z]+(?=:)/i.exec(url)?.[0].toLowerCase();
  switch (scheme) {
    case "postgresql":
    case "postgres": {
      const { openPostgres } = await import("./postgres");
      return openPostgres({ url, password, applicationName: `tenantry ${command}`, maxSessions });
    }
    case "embedded": {
      const { openEmbedded } = await import("./embedded");
      return openEmbedded({ place: url.slice("embedded:".length), command });
    }
    default:
      throw new DatabaseError({
        kind: "address",
        code: "URL",
        message:
          "This version runs on PostgreSQL (postgresql://…) and on the embedded database (embedded:FOLDER). For SQL Server it checks and renders migrations, and runs none.",
      });
  }
}
