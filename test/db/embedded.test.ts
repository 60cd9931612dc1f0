import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenantry-embedded-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openDatabase({ url: `embedded:${folder}`, command: "test" });

it("keeps what was committed", async () => {
  const first = await open();
  await first.session((s) => s.script("create table kept (a int); insert into kept values (1)"));
  await first.close();
  const second = await open();
  expect(await second.session((s) => s.query("select a from kept"))).toEqual([{ a: 1 }]);
  await second.close();
});

it("keeps nothing in memory", async () => {
  const database = await openDatabase({ url: "embedded:memory", command: "test" });
  expect(await database.session((s) => s.query("select 1 as one"))).toEqual([{ one: 1 }]);
  await database.close();
});

it("names the other process that holds the folder, and waits for it before", async () => {
  const holder = { pid: process.ppid, host: hostname(), command: "run", since: "", token: "t" };
  writeFileSync(join(folder, "tenantry.lock"), JSON.stringify(holder));
  await expect(open()).rejects.toMatchObject({
    kind: "held",
    message: expect.stringMatching(`in use by run \\(process ${process.ppid} on `),
  });
});

it("serves users of one process in turn, however many there are", async () => {
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (user) => {
      const database = await open();
      await database.session((s) => s.script(`create table of_${user} ()`));
      order.push(user);
      await database.close();
    }),
  );
  expect(order).toEqual([1, 2, 3]);
  expect(existsSync(join(folder, "tenantry.lock"))).toBe(false);
});

it("lets the next user of the process in where one couldn't open it", async () => {
  const data = join(folder, "data");
  writeFileSync(data, "no folder");
  await expect(open()).rejects.toMatchObject({ kind: "connection" });
  rmSync(data);
  const database = await open();
  await database.close();
});

it("says that its folder can't be made", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expect(openDatabase({ url: `embedded:${file}/inside`, command: "test" })).rejects.toMatchObject({
    name: "DatabaseError",
    kind: "connection",
    message: expect.stringContaining(`${file}/inside`),
  });
});

it("takes over what a process that is gone has left", async () => {
  writeFileSync(
    join(folder, "tenantry.lock"),
    JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), command: "run", since: "", token: "t" }),
  );
  const database = await open();
  await database.close();
  expect(existsSync(join(folder, "tenantry.lock"))).toBe(false);
});

it("loses nothing that was acknowledged when its process is killed", async () => {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, "../support/insertForever.mjs"),
    join(folder, "data"),
  ]);
  let acknowledged = 0;
  await new Promise<void>((done, failed) => {
    child.once("error", failed);
    child.once("exit", () => done());
    child.stdout.on("data", (bytes: Buffer) => {
      acknowledged = Number(bytes.toString().trim().split("\n").at(-1));
      if (acknowledged >= 25) child.kill("SIGKILL");
    });
  });
  const database = await open();
  const [row] = await database.session((s) => s.query<{ most: number }>("select max(n)::int as most from counted"));
  expect(acknowledged).toBeGreaterThanOrEqual(25);
  expect(row?.most).toBeGreaterThanOrEqual(acknowledged);
  await database.close();
});

it("refuses what would never return", async () => {
  const database = await open();
  await expect(database.session((s) => s.script("create table t (a int); copy t from stdin"))).rejects.toMatchObject({
    code: "0A000",
    statement: 1,
  });
  await expect(database.session((s) => s.script("copy (select 1) to program 'cat'"))).rejects.toMatchObject({
    code: "0A000",
  });
  await database.close();
});

it("survives a statement that is nested too deeply, or says that it ended", async () => {
  const database = await open();
  const deep = `select ${"(".repeat(5000)}1${")".repeat(5000)} as one`;
  const outcome = await database
    .session((s) => s.script(deep))
    .then(
      (rows) => rows,
      (error: { kind: string }) => error.kind,
    );
  expect([[{ one: 1 }], "sql", "connection"]).toContainEqual(outcome);
  await database.close();
});
