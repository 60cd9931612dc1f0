import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startClient } from "../lsp/client";
import { shop, shopWithCache, tenantry } from "./command";

it("the code that V8 made of the program is kept, and taken by the next process, whatever flags a command sets", async () => {
  const { run, files } = surroundings();
  const anew = await run("lint");
  expect(await run("--version")).toMatchObject({ code: 0 });
  expect(files()).toHaveLength(2);
  for (const file of files()) expect(isTaken(file)).toBe(true);
  const written = files().map((file) => statSync(file).mtimeMs);
  expect(await run("lint")).toEqual(anew);
  expect(files().map((file) => statSync(file).mtimeMs)).toEqual(written);
});

it("the language server's code is taken too", async () => {
  const { path, place, files } = surroundings();
  const client = await startClient({ folders: [path], env: { TENANTRY_CACHE_DIR: place } });
  await client.connection.sendRequest("shutdown");
  await client.connection.sendNotification("exit");
  expect(await client.ended).toBe(0);
  expect(files().map(isTaken)).toEqual([true]);
});

it("code that isn't whole, or that V8 doesn't take, is made anew", async () => {
  const { run, files } = surroundings();
  const first = await run("--version");
  const [file = ""] = files();
  const whole = readFileSync(file);
  const useless = Buffer.from("not code");
  const foreign = Buffer.concat([createHash("sha256").update(useless).digest(), useless]);
  for (const damaged of [whole.subarray(0, 1000), Buffer.alloc(0), flipped(whole, whole.length >> 1), foreign]) {
    writeFileSync(file, damaged);
    expect(await run("--version")).toEqual(first);
    expect(isTaken(file)).toBe(true);
  }
});

it("none is kept of a process whose flags can't be set back, as with an embedded database", async () => {
  const { path, run, files } = surroundings();
  const settings = {
    tenants: { pattern: "t_*" },
    connections: { own: { url: "embedded:own" } },
    defaultConnection: "own",
  };
  writeFileSync(join(path, "tenantry.json"), JSON.stringify(settings));
  expect(await run("status")).toMatchObject({ code: 0 });
  expect(files()).toEqual([]);
});

it("a command that isn't known keeps none", async () => {
  const { run, files } = surroundings();
  expect(await run("no-such-command")).toMatchObject({ code: 2 });
  expect(files()).toEqual([]);
});

it("a folder that may be anybody's is left alone", async () => {
  const { path, remove } = shop();
  onTestFinished(remove);
  for (const env of [{ TENANTRY_CACHE_DIR: "kept" }, { TENANTRY_CACHE_DIR: "", XDG_CACHE_HOME: "", HOME: "" }]) {
    expect(await tenantry(["--version"], { cwd: path, env })).toMatchObject({ code: 0 });
    expect(readdirSync(path)).toEqual(expect.not.arrayContaining(["kept", ".cache"]));
  }
});

it.skipIf(process.platform === "win32")(
  "code that others could have written is not run, and none is kept there",
  async () => {
    const { run, files, place } = surroundings();
    await run("--version");
    const [file = ""] = files();
    writeFileSync(file, "theirs");
    chmodSync(join(place, "code"), 0o777);
    expect(await run("--version")).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toBe("theirs");
  },
);

it("a user without a home has nothing kept", async () => {
  const { path, remove } = shop();
  onTestFinished(remove);
  // Who is nobody to the system has no home but what the environment says.
  const homeless = `const os = require("node:os");
    os.homedir = () => { throw new Error("no such user"); };`;
  writeFileSync(join(path, "homeless.cjs"), homeless);
  const env = { NODE_OPTIONS: `--require ${join(path, "homeless.cjs")}`, TENANTRY_CACHE_DIR: "", XDG_CACHE_HOME: "" };
  const { code, err } = await tenantry(["lint"], { cwd: path, env });
  expect(err).not.toContain("no such user");
  expect(code).toBeLessThan(2);
});

/** The shop, with a place of its own for what is kept. */
function surroundings() {
  const { path, cache: place } = shopWithCache();
  const code = join(place, "code");
  return {
    path,
    place,
    run: (...words: string[]) => tenantry(words, { cwd: path, env: { TENANTRY_CACHE_DIR: place } }),
    files: () => (existsSync(code) ? readdirSync(code).map((name) => join(code, name)) : []),
  };
}

/** Whether V8 takes the code, in a process with the flags that every process begins with. */
function isTaken(file: string): boolean {
  const source = join(__DIST__, "program.js");
  const look = `const fs = require("node:fs");
    const cachedData = fs.readFileSync(${JSON.stringify(file)}).subarray(32);
    const { cachedDataRejected } = new (require("node:vm").Script)(fs.readFileSync(${JSON.stringify(source)}, "latin1"), { cachedData });
    console.log(!cachedDataRejected);`;
  return execFileSync(process.execPath, ["-e", look], { encoding: "utf8" }).trim() === "true";
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
