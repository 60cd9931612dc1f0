import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import v8 from "node:v8";
import { build } from "esbuild";

/** What the command line loads that takes a while to compile. */
const files = ["commands.js", "vendor/zod.js", "vendor/pg.js"];

/** Command lines that run through most of what a command begins with. */
const lines = ["lint migrations --no-cache", "sql seed.sql", "run --yes", "status"];

/**
 * Lets this Node.js compile the command line, by using it on a copy of a project, and leaves beside the files what came of it. To other versions these are
 * files as they were.
 */
export async function compileAhead(dist, project) {
  const scratch = await mkdtemp(join(tmpdir(), "tenantry-build-"));
  try {
    const shop = join(scratch, "shop");
    await cp(project, shop, { recursive: true });
    const { compiledPath, openLoader } = await loaderIn(scratch);
    const own = files.map((file) => join(dist, file));
    for (const file of own) await requireAscii(file);
    // Code is taken only under the flags with which it was compiled, which are to be those that a process starts with.
    v8.setFlagsFromString = () => {};
    const { load, scripts } = openLoader((file) => (own.includes(file) ? {} : null));
    process.chdir(shop);
    const [commands, , pg] = own;
    for (const line of lines) await carryOut(load(commands).main, line);
    load(pg);
    for (const [file, script] of scripts) await writeFile(compiledPath(file), script.createCachedData());
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function loaderIn(folder) {
  const outfile = join(folder, "compiled.cjs");
  const source = join(import.meta.dirname, "../server/src/cli/compiled.ts");
  await build({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "cjs" });
  return createRequire(outfile)(outfile);
}

async function carryOut(main, line) {
  const silence = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const told = { argv: [process.execPath, "tenantry", ...line.split(" ")], stdout: silence(), stderr: silence() };
  const asked = Object.assign(Object.create(process), { on: () => asked });
  for (const [name, value] of Object.entries(told)) Object.defineProperty(asked, name, { value });
  Object.defineProperty(asked, "exitCode", { value: undefined, writable: true });
  await main(asked);
  if (asked.exitCode !== 0) throw new Error(`\`tenantry ${line}\` ended with ${asked.exitCode}.`);
}

async function requireAscii(file) {
  const at = (await readFile(file)).findIndex((byte) => byte > 127);
  if (at >= 0)
    throw new Error(
      `${file} holds a character beside ASCII at byte ${at}: write it as an escape in the regular expression.`,
    );
}
