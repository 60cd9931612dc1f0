import { isAbsolute, resolve } from "node:path";
import { unknownConnection } from "./configuration";
import { databaseUrl, isUrl, kindOf, sameDatabase, withPassword } from "./databaseUrl";
import { type Environment, fillVariables, readEnvironment } from "./environment";
import type { Project } from "./project";
import { redactUrl } from "./redact";

/** A database that was chosen, complete but for a password that nobody wrote down. */
export interface Connection {
  /** Its name in `tenantry.json`, or null for one that was given otherwise. */
  readonly name: string | null;
  /** May hold a password; for people there is the label. */
  readonly url: string;
  readonly protected: boolean;
  readonly label: string;
  readonly warnings: readonly string[];
}

/** A connection, or the reason why there is none, with the way out. */
export type ResolvedConnection = { readonly connection: Connection } | { readonly problem: string };

export interface ConnectionChoice {
  /** A connection's name or a URL. */
  readonly connection?: string;
  /** How the choice is asked for, so that a problem says what to do there. */
  readonly from?: "command line" | "editor";
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Chooses the connection: the one that is asked for, then `defaultConnection`; `DATABASE_URL`, then `PG*`, only where the
 * configuration names none, so that a stray variable never turns a run towards production.
 */
export async function resolveConnection(
  project: Project,
  { connection: asked, from = "command line", env = process.env }: ConnectionChoice,
): Promise<ResolvedConnection> {
  if (!project.trusted) {
    return {
      problem: "This workspace isn't trusted, so Tenantry doesn't connect to any database. Trust the workspace first.",
    };
  }
  const chosen = choose(project, asked, from, env);
  if ("problem" in chosen) return chosen;
  const environment = await readEnvironment(project.root, env);
  const filled = fill(chosen, environment);
  if ("problem" in filled) return filled;
  const problem = refuse(project, chosen, filled.url);
  if (problem !== null) return { problem };

  const named = chosen.name === null ? namedLike(project, filled.url, environment) : chosen.name;
  const placed = placeEmbedded(project.root, filled.url);
  const { url, warning } =
    kindOf(placed) === "postgresql" ? await withPassword(placed, env) : { url: placed, warning: null };
  const isProtected = named !== null && project.configuration.connections[named]?.protected === true;
  return {
    connection: {
      name: named,
      url,
      protected: isProtected,
      label: labelOf(named, url),
      warnings: warning === null ? [] : [warning],
    },
  };
}

/** How a URL is shown to people, `${env:…}` and all, without its password. */
export function shownUrl(url: string): string {
  return redactUrl(url);
}

/** Whether a URL means a database inside Tenantry, which needs no server and no password. */
export function isEmbedded(url: string): boolean {
  return kindOf(url) === "embedded";
}

interface Chosen {
  readonly name: string | null;
  readonly url: string;
  /** Where the URL comes from, for messages. */
  readonly source: string;
}

function choose(
  project: Project,
  asked: string | undefined,
  from: "command line" | "editor",
  env: NodeJS.ProcessEnv,
): Chosen | { problem: string } {
  const { connections, defaultConnection, dialect } = project.configuration;
  const names = Object.keys(connections);
  const name = asked ?? defaultConnection;
  if (name !== null) {
    const settings = Object.hasOwn(connections, name) ? connections[name] : undefined;
    if (settings !== undefined) return { name, url: settings.url, source: `connection "${name}"` };
    return isUrl(name) ? { name: null, url: name, source: "the URL" } : { problem: unknownConnection(name, names) };
  }
  if (names.length > 0) {
    return { problem: `No connection is chosen. ${noneChosen[from](names.join(", "))}` };
  }
  const url = env.DATABASE_URL || databaseUrl(env);
  if (url) return { name: null, url, source: env.DATABASE_URL ? "DATABASE_URL" : "the PG* variables" };
  const ways = dialect === "postgresql" ? `${noneKnown[from]} ${withoutServer[from]}` : noneKnown[from];
  return { problem: `No database is known. ${ways}` };
}

const noneChosen = {
  "command line": (names: string) =>
    `Name one of ${names} with --connection, or set \`defaultConnection\` in tenantry.json.`,
  editor: (names: string) => `Choose one of ${names}, or set \`defaultConnection\` in tenantry.json.`,
} as const;

const noneKnown = {
  "command line": "Add it to `connections` in tenantry.json, pass --connection URL, or set DATABASE_URL.",
  editor: "Add it to `connections` in tenantry.json.",
} as const;

/** The embedded database is PostgreSQL's. */
const withoutServer = {
  "command line": "Without a server, try --connection embedded:.tenantry/sandbox.",
  editor: 'Without a server, that is { "sandbox": { "url": "embedded:.tenantry/sandbox" } }.',
} as const;

function fill({ url, source }: Chosen, environment: Environment): { url: string } | { problem: string } {
  const filled = fillVariables(url, environment);
  if ("text" in filled) return { url: filled.text.trim() };
  if (filled.unset.includes("")) {
    return { problem: `In ${source} a variable has no name: write \`\${env:NAME}\` with the name of what is set.` };
  }
  const [are, them] = filled.unset.length === 1 ? ["is", "it"] : ["are", "them"];
  const wayOut =
    environment.fault === null
      ? `Set ${them} in the environment, or in a file .env beside tenantry.json.`
      : `Nothing was read of the .env beside tenantry.json, where ${them} may stand: ${environment.fault}`;
  return { problem: `${filled.unset.join(" and ")}, which ${source} needs, ${are} not set. ${wayOut}` };
}

function refuse({ configuration: { dialect } }: Project, { source }: Chosen, url: string): string | null {
  const kind = kindOf(url);
  if (kind === null) {
    return `What ${source} holds is no database URL: ${forms}. A variable is written \`\${env:NAME}\`.`;
  }
  if (kind === "embedded" && url.slice("embedded:".length).trim() === "") {
    return `${source} says no folder: write embedded:.tenantry/sandbox, or embedded:memory for a database that isn't kept.`;
  }
  if ((kind === "sqlserver") !== (dialect === "sqlserver")) {
    return `${source} is ${kind === "sqlserver" ? "a SQL Server" : "a PostgreSQL"}, but \`dialect\` in tenantry.json is "${dialect}". Correct one of the two.`;
  }
  return null;
}

const forms = "it should begin with postgresql://, sqlserver:// or embedded:";

/** The connection whose database a bare URL means, so that writing out the URL doesn't get around its protection. */
function namedLike(project: Project, url: string, environment: Environment): string | null {
  for (const [name, settings] of Object.entries(project.configuration.connections)) {
    const filled = fillVariables(settings.url, environment);
    if (
      "text" in filled &&
      sameDatabase(placeEmbedded(project.root, filled.text.trim()), placeEmbedded(project.root, url))
    )
      return name;
  }
  return null;
}

function placeEmbedded(root: string, url: string): string {
  if (kindOf(url) !== "embedded") return url;
  const folder = url.slice("embedded:".length).replace(/^\/\/(?=[^/])/, "");
  return folder === "memory" || isAbsolute(folder) ? `embedded:${folder}` : `embedded:${resolve(root, folder)}`;
}

function labelOf(name: string | null, url: string): string {
  return name === null ? redactUrl(url) : `${name} (${redactUrl(url)})`;
}
