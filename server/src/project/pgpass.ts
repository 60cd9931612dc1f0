import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { homeFolder } from "./homeFolder";

/** What a password is looked up by, as it would be sent to the server. */
export interface PasswordKey {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/** A password from PostgreSQL's password file, and why the file was left alone where it was. */
export interface FoundPassword {
  readonly password: string | null;
  readonly warning: string | null;
}

/** Looks a password up in `PGPASSFILE`, or else in `~/.pgpass` (`%APPDATA%\postgresql\pgpass.conf` on Windows). */
export async function findPassword(key: PasswordKey, environment: NodeJS.ProcessEnv): Promise<FoundPassword> {
  const path = passwordFile(environment);
  if (path === null) return { password: null, warning: null };
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      return { password: null, warning: `${path} can be read by others and was left alone. Run: chmod 600 ${path}` };
    }
    return { password: matchPassword(await readFile(path, "utf8"), key), warning: null };
  } catch {
    return { password: null, warning: null };
  }
}

/** The password of the first line that fits, or null. */
export function matchPassword(file: string, key: PasswordKey): string | null {
  const wanted = [key.host, key.port, key.database, key.user];
  for (const line of file.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitFields(line);
    if (fields.length < 5) continue;
    if (wanted.every((value, index) => fields[index] === "*" || plain(fields[index]) === value))
      return plain(fields[4]);
  }
  return null;
}

function passwordFile(environment: NodeJS.ProcessEnv): string | null {
  if (environment.PGPASSFILE) return environment.PGPASSFILE;
  if (process.platform !== "win32") {
    const home = environment.HOME || homeFolder();
    return home === null ? null : join(home, ".pgpass");
  }
  return environment.APPDATA ? join(environment.APPDATA, "postgresql", "pgpass.conf") : null;
}

/** Fields as they are written, so that a lone `*` can be told from `\*`; `:` and `\` are escaped by `\`. */
function splitFields(line: string): string[] {
  return line.match(/(?<=^|:)(?:\\.|[^\\:])*/g) ?? [];
}

function plain(field: string | undefined): string {
  return (field ?? "").replace(/\\(.)/g, "$1");
}
