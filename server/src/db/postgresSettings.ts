import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import { DatabaseError } from "./database";

/** A PostgreSQL URL, resolved; the driver's own reading of URLs differs from libpq's and changes between its versions. */
export interface PostgresSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: TlsMode;
  readonly connectTimeoutMs: number;
  /** Settings for the server's start of the session (`-c name=value`). */
  readonly options: string | undefined;
}

/** How the connection is encrypted: never, where the server can, or always with these checks. */
export type TlsMode = "never" | "preferred" | ConnectionOptions;

/**
 * Reads a URL as libpq does: what it leaves out comes from the system's user; `sslmode` is `prefer` unless it says otherwise.
 * @throws DatabaseError of kind `address` for what can't be used
 */
export function readPostgresUrl(text: string, password: string | undefined): PostgresSettings {
  if (!URL.canParse(text))
    throw unusable("The connection's URL can't be read: it should look like postgresql://user@host:5432/database.");
  const url = new URL(text);
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  const user = decode(url.username) || given("user") || systemUser();
  return {
    host: given("host") ?? (decode(url.hostname).replace(/^\[|\]$/g, "") || "localhost"),
    port: portOf(url.port || given("port") || "5432"),
    user,
    password: password ?? (decode(url.password) || given("password")),
    database: decode(url.pathname.slice(1)) || given("dbname") || user,
    tls: tlsOf(given("sslmode") ?? "prefer", given("sslrootcert")),
    connectTimeoutMs: 1000 * Number(given("connect_timeout") ?? 10),
    options: given("options"),
  };
}

/** By its name alone: what a tunnel leads to from here counts as here, too. A path is the folder of a socket. */
export function isOnThisMachine({ host }: Pick<PostgresSettings, "host">): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.") || host.startsWith("/");
}

/** Where a connection leads, for people. */
export function postgresLabel({ host, port, user, database }: PostgresSettings): string {
  return `${user}@${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

/** The system may know the user by number alone, as in a container. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw unusable(
      "The connection's URL names no user, and the system has no name for its own: write postgresql://user@host:5432/database.",
      { cause },
    );
  }
}

function tlsOf(mode: string, rootCertificate: string | undefined): TlsMode {
  const ca =
    rootCertificate === undefined || rootCertificate === "system" ? {} : { ca: readCertificate(rootCertificate) };
  switch (mode) {
    case "disable":
      return "never";
    // Both mean: as the server can.
    case "allow":
    case "prefer":
      return "preferred";
    case "require":
      return rootCertificate === undefined
        ? { rejectUnauthorized: false }
        : { ...ca, checkServerIdentity: () => undefined };
    case "verify-ca":
      return { ...ca, checkServerIdentity: () => undefined };
    case "verify-full":
      return ca;
    default:
      throw unusable(`sslmode=${mode} isn't known: it is disable, prefer, require, verify-ca or verify-full.`);
  }
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw unusable(`The certificate ${path} of sslrootcert can't be read.`, { cause });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw unusable(`${text} is no port: it is a number from 1 to 65535.`);
  return port;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unusable(message: string, options?: ErrorOptions): DatabaseError {
  return new DatabaseError({ kind: "address", code: "URL", message }, options);
}
