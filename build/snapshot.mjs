// Makes the snapshot from which an embedded database begins, since making one from nothing takes seconds on a user's machine, and
// copies the files that the embedded database needs beside its bundle.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Writes `pglite-snapshot.tar.gz`, `pglite.wasm` and `pglite.data` into `outDir`. */
export async function buildSnapshot(outDir, cacheDir) {
  const parts = dirname(require.resolve("@electric-sql/pglite"));
  const { version } = JSON.parse(await readFile(join(parts, "../package.json"), "utf8"));
  const cached = join(cacheDir, `pglite-${version}-snapshot.tar.gz`);
  if (!existsSync(cached)) {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(cached, await snapshot());
  }
  await Promise.all([
    copyFile(cached, join(outDir, "pglite-snapshot.tar.gz")),
    ...["pglite.wasm", "pglite.data", "initdb.wasm"].map((name) => copyFile(join(parts, name), join(outDir, name))),
  ]);
}

async function snapshot() {
  const { PGlite } = await import("@electric-sql/pglite");
  // Small segments of the log and no second template keep a new folder, and the download, small.
  const database = await PGlite.create({
    initDbStartParams: ["--wal-segsize=1"],
    postgresqlconf: ["shared_buffers = 8MB"],
  });
  await database.exec("update pg_database set datistemplate = false where datname = 'template0'");
  await database.exec("drop database template0");
  await database.exec("checkpoint");
  const dump = await database.dumpDataDir("gzip");
  await database.close();
  return Buffer.from(await dump.arrayBuffer());
}
