import { userInfo } from "node:os";
import { findPassword, type PasswordKey } from "./pgpass";

export type DatabaseKind = "postgresql" | "sqlserver" | "embedded";

/** What kind of database a URL or an ADO string is for, or null where it is neither. */
export function kindOf(url: string): DatabaseKind | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "embedded") return "embedded";
  if (scheme === "postgres" || scheme === "postgresql") return "postgresql";
  if (scheme === "sqlserver" || scheme === "mssql") return "sqlserver";
  return /^\s*(server|data source|addr|address|network address)\s*=/i.test(url) ? "sqlserver" : null;
}

/** Whether a text is meant as a URL, of whatever kind, and not as a connection's name. */
export function isUrl(text: string): boolean {
  return kindOf(text) !== null || /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** The URL that libpq's environment variables stand for, or null where none of them is set. */
export function databaseUrl(env: NodeJS.ProcessEnv): string | null {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD, PGSSLMODE, PGOPTIONS } = env;
  if (!PGHOST && !PGPORT && !PGUSER && !PGDATABASE) return null;
  const user = PGUSER ? encodeURIComponent(PGUSER) : "";
  const password = PGPASSWORD && PGUSER ? `:${encodeURIComponent(PGPASSWORD)}` : "";
  const socket = PGHOST?.startsWith("/") === true;
  const host = PGHOST && !socket ? (PGHOST.includes(":") ? `[${PGHOST}]` : PGHOST) : "localhost";
  const parameters = new URLSearchParams();
  if (socket) parameters.set("host", PGHOST);
  if (PGSSLMODE) parameters.set("sslmode", PGSSLMODE);
  if (PGOPTIONS) parameters.set("options", PGOPTIONS);
  const query = parameters.size > 0 ? `?${parameters}` : "";
  return `postgresql://${user}${password}${user ? "@" : ""}${host}${PGPORT ? `:${PGPORT}` : ""}/${encodeURIComponent(PGDATABASE ?? "")}${query}`;
}

/** Fills in the password that a PostgreSQL URL leaves out: from `PGPASSWORD`, then from the password file, as libpq does. */
export async function withPassword(
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<{ url: string; warning: string | null }> {
  const url = parseUrl(text);
  if (url === null || url.password !== "" || url.searchParams.has("password")) return { url: text, warning: null };
  const place = placeOf(url);
  const found = env.PGPASSWORD
    ? { password: env.PGPASSWORD, warning: null }
    : await findPassword({ ...place, host: place.host.startsWith("/") ? "localhost" : place.host }, env);
  if (found.password === null) return { url: text, warning: found.warning };
  if (url.hostname === "" || url.username === "") url.searchParams.set("password", found.password);
  else url.password = encodeURIComponent(found.password);
  return { url: url.href, warning: null };
}

/** Whether two URLs lead to one database, whoever logs in. */
export function sameDatabase(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseUrl(a), parseUrl(b)];
  if (left === null || right === null || kindOf(a) !== "postgresql" || kindOf(b) !== "postgresql") return false;
  const database = (url: URL) => {
    const { host, port, database } = placeOf(url);
    const server = /^(?:localhost|127\..*|::1)$/i.test(host) ? "localhost" : host.replace(/\.$/, "");
    return [server, port, database].join("\n").toLowerCase();
  };
  return database(left) === database(right);
}

/** Where a PostgreSQL URL leads, as it is read for connecting: what it leaves out comes from no variable. */
function placeOf(url: URL): PasswordKey {
  const given = (name: string) => url.searchParams.get(name);
  const user = decode(url.username) || given("user") || systemUser();
  return {
    host: given("host") ?? (decode(url.hostname).replace(/^\[|\]$/g, "") || "localhost"),
    port: url.port || given("port") || "5432",
    database: decode(url.pathname.slice(1)) || given("dbname") || user,
    user,
  };
}

/** Empty where the system knows the user by number alone, as in a container; whoever connects tells that. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
