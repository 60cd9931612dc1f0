import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { install } from "../../server/src/engine/installation";
import { password, startPostgres, user } from "../support/postgres";
import { historySql, prototypeSql, rareSql, rolesSql, sharedSql, unusualSql } from "./prototype";

/** Where Debian puts a server with the programs beside it; the server that the tests bring along has no pg_dump. */
const installed = "/usr/lib/postgresql";
const programs = existsSync(installed)
  ? (readdirSync(installed)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(installed, version, "bin"))
      .find((folder) => ["postgres", "initdb", "pg_dump"].every((program) => existsSync(join(folder, program)))) ??
    null)
  : null;

const tenants = ["zebra_corp", 'a"; drop schema x', "Zoë's"];

describe.skipIf(programs === null)("a tenant in a dump", () => {
  it.each([
    ["everything in it", `${sharedSql}\n${prototypeSql}`],
    ["what is seldom", rareSql],
    ["unusual forms", unusualSql],
  ])("reads as a prototype with %s does but for the name, by an installed server and its pg_dump", async (_, sql) => {
    const server = await startPostgres({}, programs);
    try {
      const database = await openDatabase({ url: `${server.url}/postgres`, command: "test" });
      await database.session(async (session) => {
        for (const text of [rolesSql, sql]) await session.script(text);
      });
      await install(database);
      await database.session(async (session) => {
        await session.script(historySql);
        await session.query("select tenantry.provision_all($1::text[])", [tenants]);
      });
      await database.close();
      const wanted = dump(server.port, "prototype");
      expect(wanted.length).toBeGreaterThan(80);
      for (const tenant of tenants) expect(dump(server.port, tenant)).toEqual(wanted);
    } finally {
      await server.stop();
    }
  });
});

/**
 * The schema's objects as statements, its name taken out where it is one; comments and values keep the word. What bears the same
 * name stands in the order in which it was made, so that they are sorted.
 */
function dump(port: number, schema: string): string[] {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const text = execFileSync(
    join(programs ?? "", "pg_dump"),
    ["-h", "127.0.0.1", "-p", String(port), "-U", user, "-d", "postgres", "--schema-only", "-n", quoted],
    { encoding: "utf8", env: { ...process.env, PGPASSWORD: password } },
  );
  const mark = "<schema>";
  const plain = /^\w+$/.test(schema)
    ? text.replaceAll(`"${schema}"`, mark).replaceAll(new RegExp(`\\b${schema}\\b`, "g"), mark)
    : [quoted, schema]
        .flatMap((name) => [name.replaceAll("'", "''"), name])
        .reduce((all, name) => all.replaceAll(name, mark), text);
  return plain
    .replace(/^\\(un)?restrict.*$/gm, "")
    .replace(`<> '${mark}'`, "<> 'prototype'")
    .replace(`-- ${mark}.orders in a comment`, "-- prototype.orders in a comment")
    .split(/\n--\n(?=-- Name: )/)
    .sort();
}
