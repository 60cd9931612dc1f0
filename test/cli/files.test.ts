import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { folderOf, start, tenantry } from "./command";
import { inspectJson, lintJson } from "./contract";
import { sarifFaults } from "./sarifSchema";

const files = {
  "tenantry.json": JSON.stringify({ publicTables: ["plans"], tenants: { list: ["acme"] } }),
  "migrations/tenant/0001_orders.sql": "CREATE TABLE prototype.orders (id bigint PRIMARY KEY);\n",
  "migrations/tenant/0002_note.sql": "-- 表\nALTER TABLE orders ADD COLUMN note text;\n",
  "notes/other.sql": "SELECT 1;\n",
};

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf(files);
});
afterEach(() => folder.remove());
const command = (...words: string[]) => tenantry(words, { cwd: folder.path });

describe("lint", () => {
  it("ends with 0 for warnings, and with 1, saying so, for more of them than --max-warnings", async () => {
    expect((await command("lint")).code).toBe(0);
    expect(await command("lint", "--max-warnings", "0")).toMatchObject({
      code: 1,
      err: "tenantry: 1 warning, where --max-warnings allows 0.\n",
    });
    expect(await command("lint", "--max-warnings", "1")).toMatchObject({ code: 0, err: "" });
  });

  it("ends with 1 for an error", async () => {
    const more = folderOf({ ...files, "migrations/tenant/0003_x.sql": "ALTER TABL prototype.orders ADD x int;\n" });
    const { code, out } = await tenantry(["lint"], { cwd: more.path });
    more.remove();
    expect(code).toBe(1);
    expect(out).toContain("[syntax-error]");
  });

  it("tells of files and folders that can't be read as of any other finding, and checks the rest", async () => {
    const more = folderOf({ ...files, "notes/null.sql": "SELECT 1;\nSELECT\0 2;\n" });
    writeFileSync(join(more.path, "migrations/tenant/0003_x.sql"), Buffer.from([0xe9]));
    symlinkSync("public", join(more.path, "migrations/public"));
    symlinkSync("../gone.sql", join(more.path, "migrations/tenant/0004_y.sql"));
    const told = async (...words: string[]) => {
      const { code, out } = await tenantry(["lint", "--format", "json", ...words], { cwd: more.path });
      return { code, ...(JSON.parse(out) as { files: number; diagnostics: { file: string; message: string }[] }) };
    };
    const all = await told();
    const named = await told("migrations", "notes/null.sql");
    more.remove();
    expect([all.code, all.files, named.code, named.files]).toEqual([1, 5, 1, 6]);
    expect(all.diagnostics.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      expect.stringMatching(/^migrations\/public: The folder can't be read: its symbolic links lead in a circle\./),
      "migrations/tenant/0003_x.sql: The file isn't encoded as UTF-8; save it as UTF-8.",
      "migrations/tenant/0004_y.sql: The file can't be read: it is a symbolic link to ../gone.sql, and there is no such file.",
      expect.stringMatching(/^migrations\/tenant\/0002_note.sql: "orders" names no schema/),
    ]);
    expect(named.diagnostics.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      expect.stringMatching(/^migrations\/public: The folder can't be read/),
      "migrations/tenant/0003_x.sql: The file isn't encoded as UTF-8; save it as UTF-8.",
      "migrations/tenant/0004_y.sql: The file can't be read: it is a symbolic link to ../gone.sql, and there is no such file.",
      expect.stringMatching(/^notes\/null.sql: Line 2 holds a NUL character/),
      expect.stringMatching(/^migrations\/tenant\/0002_note.sql: "orders" names no schema/),
    ]);
  });

  it("--since keeps to what was added or changed since a commit, and so does --fix", async () => {
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: folder.path });
    const outside = await command("lint", "--since", "main");
    expect(outside).toMatchObject({ code: 2, out: "" });
    expect(outside.err).toContain("lies in no Git repository");
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    const added = join(folder.path, "migrations/tenant/0003 more.sql");
    writeFileSync(added, "ALTER TABLE orders ADD COLUMN more text;\n");
    const { files: count, diagnostics } = lintJson.parse(
      JSON.parse((await command("lint", "--since", "HEAD", "--format", "json")).out),
    );
    expect([count, diagnostics.map(({ file }) => file)]).toEqual([1, ["migrations/tenant/0003 more.sql"]]);
    expect((await command("lint", "--since", "HEAD", "migrations/tenant/0002_note.sql")).out).toContain(
      "There is no file to check.",
    );
    await command("lint", "--since", "HEAD", "--fix");
    expect(readFileSync(added, "utf8")).toBe("ALTER TABLE prototype.orders ADD COLUMN more text;\n");
    expect(readFileSync(join(folder.path, "migrations/tenant/0002_note.sql"), "utf8")).toContain("ALTER TABLE orders");
    const unknown = await command("lint", "--since", "nowhere");
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('Git knows no commit "nowhere"');
  });

  it("checks the migrations of folders that lie beside tenantry.json or have a hidden name", async () => {
    const more = folderOf({
      "app/tenantry.json": '{ "migrations": { "public": ".db/public", "tenant": "../tenant" } }',
      "app/.db/public/0001_plans.sql": "CREATE TABLE plans (id int);\n",
      "tenant/0002_orders.sql": "ALTER TABLE orders ADD COLUMN note text;\n",
    });
    const { out } = await tenantry(["lint", "--format", "json"], { cwd: join(more.path, "app") });
    await tenantry(["lint", "--fix"], { cwd: join(more.path, "app") });
    const fixed = readFileSync(join(more.path, "app/.db/public/0001_plans.sql"), "utf8");
    more.remove();
    const { files: count, diagnostics } = lintJson.parse(JSON.parse(out));
    expect(count).toBe(2);
    expect(diagnostics.map(({ file, code }) => [file, code])).toEqual([
      [".db/public/0001_plans.sql", "unqualified-table"],
      [expect.stringMatching(/tenant\/0002_orders\.sql$/), "unqualified-table"],
    ]);
    expect(fixed).toBe("CREATE TABLE public.plans (id int);\n");
  });

  it("shows the place, the line underlined, and the fix", async () => {
    const { out } = await command("lint");
    expect(out).toContain("migrations/tenant/0002_note.sql:2:13: warning: ");
    expect(out).toContain("2 | ALTER TABLE orders ADD COLUMN note text;\n    |             ^^^^^^\n");
    expect(out).toMatch(/fix: .*prototype/);
    expect(out).toContain("1 warning in 2 files.");
    expect(out).not.toContain("\u001b");
  });

  it.each(["text", "json", "sarif", "github"])("shows no password that stands in tenantry.json: %s", async (format) => {
    const url = "postgresql://app:geheim@db/shop";
    const more = folderOf({ "tenantry.json": `{\n  "connections": { "a": { "url": "${url}" } }\n}\n` });
    const { code, out, err } = await tenantry(["lint", "--format", format], { cwd: more.path });
    more.remove();
    expect(code).toBe(0);
    expect(out).toContain("The password of the connection");
    expect(out + err).not.toContain("geheim");
  });

  it("keeps its promise in JSON", async () => {
    const { code, out } = await command("lint", "--format", "json");
    const report = lintJson.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(report).toMatchObject({
      files: 2,
      diagnostics: [
        {
          file: "migrations/tenant/0002_note.sql",
          range: { start: { line: 1, character: 12 }, end: { line: 1, character: 18 } },
          severity: "warning",
          code: "unqualified-table",
        },
      ],
    });
  });

  it("names files as seen from the current folder, and finds the project above it", async () => {
    const { out } = await tenantry(["lint", "tenant", "--format", "json"], { cwd: join(folder.path, "migrations") });
    expect(lintJson.parse(JSON.parse(out)).diagnostics.map(({ file }) => file)).toEqual(["tenant/0002_note.sql"]);
  });

  it("looks at a file outside the folders where it is named", async () => {
    expect(lintJson.parse(JSON.parse((await command("lint", "notes/other.sql", "--format", "json")).out)).files).toBe(
      1,
    );
  });

  it("reads tenantry.json for no SQL where it is named among others", async () => {
    const { code, out } = await command("lint", "tenantry.json", "notes/other.sql", "--format", "json");
    expect([code, lintJson.parse(JSON.parse(out)).files]).toEqual([0, 1]);
    const more = folderOf({ "tenantry.json": '{ "migrations": { "tenant": "nowhere" } }', "a.sql": "SELECT 1;\n" });
    const named = await tenantry(["lint", "tenantry.json", "a.sql"], { cwd: more.path });
    more.remove();
    expect(named.code).toBe(0);
    expect(named.out).toContain("The folder nowhere isn't there.");
  });

  it("writes SARIF and GitHub's annotations", async () => {
    const sarif = JSON.parse((await command("lint", "--format", "sarif")).out);
    expect(sarifFaults(sarif)).toEqual([]);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: "unqualified-table", level: "warning" });
    const ids = sarif.runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids[sarif.runs[0].results[0].ruleIndex]).toBe("unqualified-table");
    expect((await command("lint", "--format", "github")).out).toMatch(
      /^::warning file=migrations\/tenant\/0002_note\.sql,line=2,endLine=2,col=13,endColumn=19,title=unqualified-table::/,
    );
  });

  it("--fix applies the sure fixes, and then finds nothing", async () => {
    const { code, out } = await command("lint", "--fix");
    expect(code).toBe(0);
    expect(out).toContain("Fixed 1 finding in 1 file. Nothing is left in ");
    expect(readFileSync(join(folder.path, "migrations/tenant/0002_note.sql"), "utf8")).toBe(
      "-- 表\nALTER TABLE prototype.orders ADD COLUMN note text;\n",
    );
  });

  it("works without a configuration", async () => {
    const bare = folderOf({ "x.sql": "ALTER TABLE orders ADD x int;\n" });
    const { code, out } = await tenantry(["lint", "x.sql", "--format", "json"], { cwd: bare.path });
    bare.remove();
    expect(code).toBe(0);
    expect(lintJson.parse(JSON.parse(out)).diagnostics).toHaveLength(1);
  });
});

describe("inspect", () => {
  it("gives offsets into the file, byte order mark included", async () => {
    const sql =
      '\uFEFF-- 😀\nCREATE TABLE "Prototype"."A b" (id int REFERENCES Public.Plans (id));\nSELECT 1 FROM orders WHERE;';
    const other = folderOf({ "x.sql": sql });
    const { code, out } = await tenantry(["inspect", "x.sql", "--format", "json"], { cwd: other.path });
    other.remove();
    const { statements, errors } = inspectJson.parse(JSON.parse(out));
    expect(code).toBe(0);
    const [create] = statements;
    const table = create?.tables.find(({ use }) => use === "create");
    expect(table).toMatchObject({ schema: "Prototype", name: "A b" });
    expect(sql.slice(table?.start, table?.end)).toBe('"A b"');
    expect(sql.slice(table?.schemaStart, table?.schemaEnd)).toBe('"Prototype"');
    const [key] = create?.foreignKeys ?? [];
    expect(key).toMatchObject({ from: { schema: "Prototype", name: "A b" }, to: { schema: "public", name: "plans" } });
    expect(sql.slice(key?.start, key?.end)).toBe("Plans");
    expect(errors).toHaveLength(1);
  });

  it("is readable as text", async () => {
    const { out } = await command("inspect", "migrations/tenant/0002_note.sql");
    expect(out).toContain("migrations/tenant/0002_note.sql:2:1 ALTER TABLE");
    expect(out).toContain("alter      orders at 2:13");
  });
});

describe("render", () => {
  it.each([
    ["", "A tenant's name has at least one character."],
    ["é".repeat(32), "A schema's name has at most 63 bytes"],
  ])("refuses a name that no schema can have: %j", async (name, message) => {
    const { code, out, err } = await command("render", "migrations/tenant/0001_orders.sql", "--tenant", name);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err).not.toContain("fault of Tenantry");
  });

  it("writes a tenant's name as an identifier, however it is spelt", async () => {
    const hostile = 'a"b; drop schema public';
    const { code, out } = await command("render", "migrations/tenant/0001_orders.sql", "--tenant", hostile);
    expect(code).toBe(0);
    expect(out).toContain('CREATE TABLE "a""b; drop schema public".orders (id bigint PRIMARY KEY);');
  });

  it("refuses what it can't prove, with the place", async () => {
    const more = folderOf({
      ...files,
      "migrations/tenant/0003_x.sql": "\nINSERT INTO prototype.orders SELECT length('of the prototype');\n",
    });
    const { code, out, err } = await tenantry(["render", "migrations/tenant/0003_x.sql", "-t", "acme"], {
      cwd: more.path,
    });
    more.remove();
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("migrations/tenant/0003_x.sql:2:");
  });

  it("takes the author's word, with a reason, for what a later server's grammar takes", async () => {
    const path = "migrations/tenant/0003_x.sql";
    const more = folderOf({
      ...files,
      [path]: "-- tenantry: ignore syntax-error: the server is newer\nALTER TABLE prototype.orders REFRESH NEATLY;\n",
    });
    const rendered = await tenantry(["render", path, "-t", "acme"], { cwd: more.path });
    const linted = await tenantry(["lint", path], { cwd: more.path });
    more.remove();
    expect([rendered.code, rendered.out]).toEqual([
      0,
      expect.stringContaining('ALTER TABLE "acme".orders REFRESH NEATLY;'),
    ]);
    expect([linted.code, linted.out]).toEqual([0, expect.stringContaining("Nothing found")]);
  });

  it("asks for no schema of an index that SQL Server knows by its table", async () => {
    const path = "migrations/tenant/0003_x.sql";
    const text = "ALTER INDEX ix ON prototype.orders REBUILD WITH (ONLINE = ON, RESUMABLE = ON);\n";
    const more = folderOf({
      "tenantry.json": '{ "dialect": "sqlserver" }',
      [path]: `-- tenantry: no-transaction\n${text}`,
    });
    const { code, out, err } = await tenantry(["render", path, "-t", "acme"], { cwd: more.path });
    more.remove();
    expect([code, out, err]).toEqual([0, expect.stringContaining(text.replace("prototype", "[acme]")), ""]);
  });

  it("refuses a file that a plan is refused for, since it can't be read as a migration", async () => {
    const path = "migrations/tenant/0003_x.sql";
    const more = folderOf({ ...files, [path]: "SELECT 1;\n-- migrate:up\nSELECT 2;\n" });
    const { code, out, err } = await tenantry(["render", path, "-t", "acme"], { cwd: more.path });
    more.remove();
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`${path}:1:1: What stands above`);
  });
});

describe("new and init", () => {
  it("new takes the next version, and prints the path as seen from the current folder", async () => {
    const { code, out } = await tenantry(["new", "add notes", "--scope", "public"], {
      cwd: join(folder.path, "migrations"),
    });
    expect([code, out]).toEqual([0, "public/0003_add_notes.sql\n"]);
    expect(readFileSync(join(folder.path, "migrations/public/0003_add_notes.sql"), "utf8")).toContain("--");
  });

  it("init writes a configuration that lint accepts, and never overwrites one", async () => {
    const bare = folderOf({});
    const first = await tenantry(["init"], { cwd: bare.path });
    expect(first.code).toBe(0);
    expect(first.out).toContain("wrote tenantry.json");
    expect((await tenantry(["lint"], { cwd: bare.path })).code).toBe(0);
    const second = await tenantry(["init"], { cwd: bare.path });
    bare.remove();
    expect(second.code).toBe(2);
    expect(second.err).toContain("already there");
  });
});

it.skipIf(process.platform === "win32").each(["SIGINT", "SIGTERM"] as const)(
  "%s ends a command that opens no database",
  async (signal) => {
    const pipe = join(folder.path, "pipe.sql");
    execFileSync("mkfifo", [pipe]);
    const started = start(["inspect", "pipe.sql"], { cwd: folder.path });
    onTestFinished(() => void started.process.kill("SIGKILL"));
    // There is no reader before the command waits for the text.
    const writer = await vi.waitFor(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 20_000);
    onTestFinished(() => closeSync(writer));
    started.process.kill(signal);
    expect(await started.ended).toEqual({ code: null, signal, out: "", err: "" });
  },
);
