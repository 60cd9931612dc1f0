import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { install } from "../../server/src/engine/installation";
import { password, startPostgres, user } from "../support/postgres";
import { historySql, prototypeSql, rolesSql, sharedSql } from "./prototype";

/** Where Debian puts a server with the programs beside it; the server that the tests bring along has no pg_dump. */
const installed = "/usr/lib/postgresql";
const programs = existsSync(installed)
  ? (readdirSync(installed)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(installed, version, "bin"))
      .find((folder) => ["postgres", "initdb", "pg_dump"].every((program) => existsSync(join(folder, program)))) ??
    null)
  : null;

describe.skipIf(programs === null)("a tenant in a dump", () => {
  it("reads as the prototype does but for the name, by an installed server and its pg_dump", async () => {
    const server = await startPostgres({}, programs);
    try {
      const database = await openDatabase({ url: `${server.url}/postgres`, command: "test" });
      await database.session(async (session) => {
        for (const sql of [rolesSql, sharedSql, prototypeSql]) await session.script(sql);
      });
      await install(database);
      await database.session(async (session) => {
        await session.script(historySql);
        await session.query("select tenantry.provision('zebra_corp')");
      });
      await database.close();
      expect(dump(server.port, "zebra_corp")).toEqual(dump(server.port, "prototype"));
    } finally {
      await server.stop();
    }
  });
});

/** The schema as statements, its name taken out where it is one; comments and values keep the word. */
function dump(port: number, schema: string): string[] {
  const text = execFileSync(
    join(programs ?? "", "pg_dump"),
    ["-h", "127.0.0.1", "-p", String(port), "-U", user, "-d", "postgres", "--schema-only", "-n", schema],
    { encoding: "utf8", env: { ...process.env, PGPASSWORD: password } },
  );
  const mark = "<schema>";
  return text
    .replace(/^\\(un)?restrict.*$/gm, "")
    .replaceAll(`"${schema}".`, `${mark}.`)
    .replaceAll(new RegExp(`\\b${schema}\\b`, "g"), mark)
    .replace(`<> '${mark}'`, "<> 'prototype'")
    .replace(`-- ${mark}.orders in a comment`, "-- prototype.orders in a comment")
    .split("\n");
}
