import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Connection, resolveConnection } from "../../server/src/project/connections";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { folder } from "./folder";

const named = `{
  "connections": {
    "sandbox": { "url": "embedded:.tenantry/sandbox" },
    "staging": { "url": "\${env:STAGING_URL}" },
    "production": { "url": "postgresql://app@db.example.com/shop", "protected": true },
    "parts": { "url": "postgresql://\${env:DB_USER}:\${env:DB_PASSWORD}@db/shop" }
  },
  "defaultConnection": "sandbox"
}`;

const nowhere = { HOME: "/nowhere" };

describe("which connection", () => {
  it("is the one that is asked for", async () => {
    const project = await open(named);
    expect(await connect(project, { connection: "production", env: nowhere })).toEqual({
      name: "production",
      url: "postgresql://app@db.example.com/shop",
      protected: true,
      label: "production (postgresql://app@db.example.com/shop)",
      warnings: [],
    });
  });

  it("is else the default one, its folder relative to the project's root", async () => {
    const project = await open(named);
    const connection = await connect(project, {
      env: { ...nowhere, DATABASE_URL: "postgresql://stray/production", PGHOST: "stray" },
    });
    expect(connection).toMatchObject({
      name: "sandbox",
      url: `embedded:${join(project.root, ".tenantry/sandbox")}`,
      protected: false,
    });
  });

  it("may be given as a URL", async () => {
    const project = await open(named);
    expect(await connect(project, { connection: "embedded:memory", env: nowhere })).toMatchObject({
      name: null,
      url: "embedded:memory",
    });
    expect(await connect(project, { connection: "postgres://me@localhost/x", env: nowhere })).toMatchObject({
      name: null,
      protected: false,
    });
  });

  it("stays protected where the URL is written out", async () => {
    const project = await open(named);
    const connection = await connect(project, {
      connection: "postgres://other:pw@DB.example.com:5432/shop",
      env: nowhere,
    });
    expect(connection).toMatchObject({ name: "production", protected: true });
  });

  it.each([
    [true, "postgresql://app@localhost:6543/shop", "postgresql://127.0.0.1:6543/shop"],
    [true, "postgresql://app@localhost:6543/shop", "postgresql://[::1]/shop?port=6543"],
    [true, "postgresql://app@db.example.com/shop", "postgresql://other@DB.example.com.?dbname=shop"],
    [true, "postgresql://app@db.example.com/shop", "postgresql://other@db.example.com/%73hop"],
    [true, "postgresql://app@db.example.com", "postgresql://app@db.example.com/app"],
    [false, "postgresql://app@localhost:6543/shop", "postgresql://app@localhost/shop"],
    [false, "postgresql://app@db/shop?port=6543", "postgresql://app@db/shop"],
    [false, "postgresql://app@db", "postgresql://app@db/shop"],
  ])("is (%s) the protected one of %s where it is given as %s", async (isProtected, url, asked) => {
    const project = await open(JSON.stringify({ connections: { production: { url, protected: true } } }));
    const connection = await connect(project, { connection: asked, env: nowhere });
    expect(connection.protected).toBe(isProtected);
  });

  it("is DATABASE_URL, then PG*, only where none is named", async () => {
    const project = await open("{}");
    const env = { ...nowhere, DATABASE_URL: "postgresql://one/d", PGHOST: "two" };
    expect(await connect(project, { env })).toMatchObject({ name: null, url: "postgresql://one/d" });
    expect(
      await connect(project, {
        env: { ...nowhere, PGHOST: "two", PGUSER: "a b", PGDATABASE: "d", PGPORT: "6543", PGSSLMODE: "require" },
      }),
    ).toMatchObject({
      url: "postgresql://a%20b@two:6543/d?sslmode=require",
    });
    expect(await connect(project, { env: { ...nowhere, PGHOST: "/run/pg", PGDATABASE: "d" } })).toMatchObject({
      url: "postgresql://localhost/d?host=%2Frun%2Fpg",
    });
  });

  it("says to an editor what is done there", async () => {
    const several = await open(
      '{ "connections": { "a": { "url": "embedded:memory" }, "b": { "url": "embedded:memory" } } }',
    );
    const none = await open("{}");
    for (const project of [several, none]) {
      const resolved = await resolveConnection(project, { from: "editor", env: nowhere });
      expect(resolved).toEqual({ problem: expect.not.stringContaining("--connection") });
    }
  });

  it.each<[string, string, string | undefined, string]>([
    [
      "an unknown name",
      named,
      "productoin",
      'There is no connection "productoin". Did you mean "production"? Known are: sandbox, staging, production, parts.',
    ],
    [
      "no choice among several",
      '{ "connections": { "a": { "url": "embedded:memory" }, "b": { "url": "embedded:memory" } } }',
      undefined,
      "No connection is chosen. Name one of a, b with --connection, or set `defaultConnection` in tenantry.json.",
    ],
    [
      "none at all",
      "{}",
      undefined,
      "No database is known. Add it to `connections` in tenantry.json, pass --connection URL, or set DATABASE_URL. Without a server, try --connection embedded:.tenantry/sandbox.",
    ],
    [
      "none at all for SQL Server, which isn't embedded",
      '{ "dialect": "sqlserver" }',
      undefined,
      "No database is known. Add it to `connections` in tenantry.json, pass --connection URL, or set DATABASE_URL.",
    ],
    [
      "an unset variable",
      named,
      "staging",
      'STAGING_URL, which connection "staging" needs, is not set. Set it in the environment, or in a file .env beside tenantry.json.',
    ],
    [
      "a variable without a name",
      `{ "connections": { "nameless": { "url": "postgresql://me:\${env: }@h/d" } } }`,
      "nameless",
      `In connection "nameless" a variable has no name: write \`\${env:NAME}\` with the name of what is set.`,
    ],
    [
      "two unset variables",
      named,
      "parts",
      'DB_USER and DB_PASSWORD, which connection "parts" needs, are not set. Set them in the environment, or in a file .env beside tenantry.json.',
    ],
    [
      "another kind of server",
      named,
      "sqlserver://h/d",
      'the URL is a SQL Server, but `dialect` in tenantry.json is "postgresql". Correct one of the two.',
    ],
    [
      "no such kind of server",
      named,
      "mysql://u:secret@h/d",
      `What the URL holds is no database URL: it should begin with postgresql://, sqlserver:// or embedded:. A variable is written \`\${env:NAME}\`.`,
    ],
    [
      "a variable as a shell has it",
      '{ "connections": { "a": { "url": "$DATABASE_URL" } } }',
      "a",
      `What connection "a" holds is no database URL: it should begin with postgresql://, sqlserver:// or embedded:. A variable is written \`\${env:NAME}\`.`,
    ],
    [
      "a URL with a name's password",
      named,
      "u:secret@h",
      'There is no connection "u:secret@h". Known are: sandbox, staging, production, parts.',
    ],
    [
      "no folder",
      named,
      "embedded:",
      "the URL says no folder: write embedded:.tenantry/sandbox, or embedded:memory for a database that isn't kept.",
    ],
  ])("says what to do about %s", async (_, configuration, connection, problem) => {
    const project = await open(configuration);
    expect(
      await resolveConnection(project, { ...(connection === undefined ? {} : { connection }), env: nowhere }),
    ).toEqual({ problem });
  });

  it("is none in a workspace that isn't trusted", async () => {
    const root = await folder({ "tenantry.json": named });
    const { project } = await loadProject(root, { trusted: false });
    expect(project !== null && (await resolveConnection(project, { env: nowhere }))).toEqual({
      problem: "This workspace isn't trusted, so Tenantry doesn't connect to any database. Trust the workspace first.",
    });
  });
});

describe("what a connection is filled from", () => {
  it("is told where a .env that is there can't be read", async () => {
    // What PowerShell 5 writes for `echo STAGING_URL=… > .env`.
    const text = Buffer.from("\uFEFFSTAGING_URL=postgresql://from@dotenv/d\r\n", "utf16le");
    const project = await open(named, { ".env": text });
    expect(await resolveConnection(project, { connection: "staging", env: nowhere })).toEqual({
      problem:
        'STAGING_URL, which connection "staging" needs, is not set. Nothing was read of the .env beside tenantry.json, ' +
        "where it may stand: The file is encoded as UTF-16; save it as UTF-8.",
    });
  });

  it("is the environment, then .env", async () => {
    const project = await open(named, {
      ".env": "\uFEFFSTAGING_URL='postgresql://from@dotenv/d' # ours\nexport DB_USER=me\nDB_PASSWORD=\"p /@:%w%20é\"\n",
    });
    expect(await connect(project, { connection: "staging", env: nowhere })).toMatchObject({
      url: "postgresql://from@dotenv/d",
    });
    const env = { ...nowhere, STAGING_URL: "postgresql://from@environment/d" };
    expect(await connect(project, { connection: "staging", env })).toMatchObject({
      url: "postgresql://from@environment/d",
    });
    const parts = await connect(project, { connection: "parts", env: nowhere });
    expect(parts.label).toBe("parts (postgresql://me:***@db/shop)");
    expect(parts.url).toBe("postgresql://me:p%20%2F%40%3A%25w%20%C3%A9@db/shop");
  });

  it.each([
    ["stands for user and password at once", `postgresql://\${env:LOGIN}@db/shop`, "me:a:b/@+c"],
    ["is a parameter of the URL", `postgresql://me@db/shop?password=\${env:LOGIN}&sslmode=require`, "a:b/@+c"],
  ])("may hold any character where a variable %s", async (_, url, LOGIN) => {
    const project = await open(JSON.stringify({ connections: { one: { url } } }));
    const connection = await connect(project, { connection: "one", env: { ...nowhere, LOGIN } });
    const { username, password, searchParams } = new URL(connection.url);
    expect([username, searchParams.get("password") ?? decodeURIComponent(password)]).toEqual(["me", "a:b/@+c"]);
    expect(connection.label).not.toMatch(/a:|a%3A/);
  });

  it("is PGPASSWORD, then the password file, where the URL has no password", async () => {
    const project = await open(named);
    const home = await folder({ ".pgpass": "db.example.com:5432:shop:app:p@ss/w%rd" });
    await chmod(join(home, ".pgpass"), 0o600);
    const { url } = await connect(project, { connection: "production", env: { HOME: home } });
    expect(decodeURIComponent(new URL(url).password)).toBe("p@ss/w%rd");
    const fromVariable = await connect(project, { connection: "production", env: { HOME: home, PGPASSWORD: "own" } });
    expect(new URL(fromVariable.url).password).toBe("own");
    expect(fromVariable.label).toBe("production (postgresql://app:***@db.example.com/shop)");
  });

  it.each([
    ["postgresql://app@db/shop", "db:5432:shop:app:own"],
    ["postgresql://app@[::1]/shop", "\\:\\:1:5432:shop:app:own"],
    ["postgresql://app@db?dbname=shop", "db:5432:shop:app:own"],
  ])("is the password file's for the place that %s leads to, whatever PG* variables there are", async (url, line) => {
    const project = await open(named);
    const home = await folder({ ".pgpass": line });
    await chmod(join(home, ".pgpass"), 0o600);
    const env = { HOME: home, PGPORT: "6543", PGUSER: "other", PGDATABASE: "other" };
    expect(new URL((await connect(project, { connection: url, env })).url).password).toBe("own");
  });

  it("keeps a password that the URL has", async () => {
    const project = await open(named);
    const { url } = await connect(project, {
      connection: "postgresql://app:mine@elsewhere/shop",
      env: { ...nowhere, PGPASSWORD: "other" },
    });
    expect(url).toBe("postgresql://app:mine@elsewhere/shop");
  });

  it("warns of a password file that others can read", async () => {
    const home = await folder({ ".pgpass": "*:*:*:*:x" });
    await chmod(join(home, ".pgpass"), 0o644);
    const { warnings } = await connect(await open(named), { connection: "production", env: { HOME: home } });
    expect(warnings.join()).toContain(`chmod 600 ${join(home, ".pgpass")}`);
  });
});

async function open(
  configuration: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Project> {
  const { project, problems } = await loadProject(await folder({ "tenantry.json": configuration, ...files }), {
    trusted: true,
  });
  if (project === null) throw new Error(JSON.stringify(problems));
  return project;
}

async function connect(project: Project, choice: Parameters<typeof resolveConnection>[1]): Promise<Connection> {
  const resolved = await resolveConnection(project, choice);
  if ("problem" in resolved) throw new Error(resolved.problem);
  return resolved.connection;
}
