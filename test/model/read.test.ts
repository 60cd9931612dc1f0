import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Format } from "../../server/src/model/formats";
import { readMigration } from "../../server/src/model/read";

describe("the part that is run", () => {
  it.each<[string, Format | "auto", string, string]>([
    ["a plain file", "auto", "select 1;\n", "select 1;\n"],
    ["dbmate", "auto", "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n", "select 1;\n"],
    ["dbmate without a way down", "dbmate", "-- ours\n--migrate:up transaction:false\r\nselect 1;", "select 1;"],
    [
      "goose",
      "auto",
      "-- +goose Up\n-- +goose StatementBegin\nselect 1;\n-- +goose StatementEnd\n-- +goose Down\nselect 2;",
      "-- +goose StatementBegin\nselect 1;\n-- +goose StatementEnd\n",
    ],
    ["goose, written small", "goose", "-- +goose up\nselect 1;\n-- +goose down\nselect 2;", "select 1;\n"],
    ["a marker in a string", "auto", "select '\n-- migrate:down\n';", "select '\n-- migrate:down\n';"],
    [
      "markers where they mean nothing",
      "plain",
      "-- migrate:up\nselect 1;\n-- migrate:down\n",
      "-- migrate:up\nselect 1;\n-- migrate:down\n",
    ],
    ["an empty file", "dbmate", "\n", "\n"],
    [
      "a way down without a statement",
      "auto",
      "select 1;\n-- Down Migration\n-- There is none. /* */\n",
      "select 1;\n-- Down Migration\n-- There is none. /* */\n",
    ],
    [
      "a comment on a way down",
      "auto",
      "-- The down migration is 8.\nselect 1;",
      "-- The down migration is 8.\nselect 1;",
    ],
    [
      "goose without a variable",
      "auto",
      "-- +goose ENVSUB ON\n-- +goose Up\nselect $a$ 1 $a$, $1;",
      "select $a$ 1 $a$, $1;",
    ],
    [
      "goose with variables in the way down",
      "auto",
      "-- +goose Up\nselect 1;\n-- +goose Down\n-- +goose ENVSUB ON\nselect '$REGION';",
      "select 1;\n",
    ],
  ])("of %s", (_, format, text, up) => {
    const { migration, fault } = read(text, format);
    expect(text.slice(migration.up.start, migration.up.end)).toBe(up);
    expect(fault).toBeNull();
  });

  it.each<[Format | "auto", string, number, string]>([
    [
      "auto",
      "select 1;\n-- migrate:down\nselect 2;",
      10,
      "The file has no `-- migrate:up` line, so there is nothing to run.",
    ],
    ["dbmate", "select 1;", 0, "The file has no `-- migrate:up` line."],
    ["goose", "select 1;", 0, "The file has no `-- +goose Up` line."],
    ["auto", "select 1;\n-- migrate:up\nselect 2;", 0, "What stands above `-- migrate:up` isn't run: move it below."],
    [
      "auto",
      "-- migrate:up\nselect 1;\n-- migrate:up\nselect 2;",
      24,
      "The file has two `-- migrate:up` lines; put all of it under one.",
    ],
    [
      "auto",
      "select 1;\n-- Down Migration\ndrop table a;",
      10,
      expect.stringContaining("the sections of node-pg-migrate"),
    ],
    ["auto", "select 1;\n---- Down Migration: ----\ndrop table a;", 10, expect.stringContaining("node-pg-migrate")],
    [
      "auto",
      "-- +migrate Up\n-- +migrate Down notransaction\ndrop table a;",
      15,
      expect.stringContaining("sql-migrate"),
    ],
    ["auto", "select 1;\r\n---- create above / drop below ----\r\ndrop table a;", 11, expect.stringContaining("tern")],
    ["auto", "-- // add a\nselect 1;\n-- //@UNDO\ndrop table a;", 22, expect.stringContaining("MyBatis Migrations")],
    ["goose", `-- +goose Up\n-- +goose ENVSUB ON\nselect '\${REGION}';`, 13, expect.stringContaining("by goose alone")],
    ["auto", "-- +goose envsub on\n-- +goose up\nselect '$REGION';", 0, expect.stringContaining("by goose alone")],
  ])("is uncertain (%s): %j", (format, text, start, message) => {
    const { migration, fault } = read(text, format);
    expect(fault).toMatchObject({ start, message });
    expect(migration.up.end).toBeLessThanOrEqual(text.length);
  });

  it.each([
    ["-- tenantry: no-transaction\nselect 1;", false],
    ["-- migrate:up transaction:false\nselect 1;", false],
    ["-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;", false],
    ["-- migrate:up transaction:true\nselect 1;", true],
    ["select 1;", true],
  ])("of %j is transactional: %s", (text, transactional) => {
    expect(read(text).migration.transactional).toBe(transactional);
  });
});

describe("the checksum", () => {
  const plain = "create table prototype.a (b int);\n\nselect 1;\n";

  it("is SHA-256 over the text", () => {
    expect(read(plain).migration.checksum).toBe(createHash("sha256").update(plain).digest("hex"));
  });

  it.each([
    ["line ends", plain.replaceAll("\n", "\r\n")],
    ["a directive in the head", `-- tenantry: scope tenant\n${plain}`],
    ["a directive in the head with other line ends", `-- tenantry: scope tenant\r\n${plain.replaceAll("\n", "\r\n")}`],
    ["a directive between statements", plain.replace("select", "  -- tenantry: ignore a: b\nselect")],
    [
      "a directive between statements with other line ends",
      plain.replace("select", "-- tenantry: ignore a: b\nselect").replaceAll("\n", "\r\n"),
    ],
    ["a directive behind a statement", plain.replace("int);", "int); -- tenantry: ignore a: b")],
    ["a directive at the end", `${plain}-- tenantry: ignore a`],
    ["sections", `-- migrate:up\n${plain}-- migrate:down\ndrop table prototype.a;`],
  ])("doesn't change with %s", (_, text) => {
    expect(read(text).migration.checksum).toBe(read(plain).migration.checksum);
  });

  it.each([
    ["a character", plain.replace("b int", "b  int")],
    ["a comment", `-- why\n${plain}`],
    ["a string that reads like a directive", plain.replace("select 1", "select '-- tenantry: no-transaction'")],
  ])("changes with %s", (_, text) => {
    expect(read(text).migration.checksum).not.toBe(read(plain).migration.checksum);
  });

  it("leaves the way down out", () => {
    const file = (down: string) => `-- migrate:up\nselect 1;\n-- migrate:down\n${down}`;
    expect(read(file("select 2;")).migration.checksum).toBe(read(file("select 3;")).migration.checksum);
  });
});

it("goes by the file's own scope before the folder's", () => {
  expect(read("-- tenantry: scope public\nselect 1").migration.scope).toBe("public");
  expect(read("select 1").migration.scope).toBe("tenant");
});

function read(text: string, format: Format | "auto" = "auto") {
  return readMigration(text, { path: "m/1_x.sql", version: "1", name: "x", scope: "tenant", format }, "postgresql");
}
