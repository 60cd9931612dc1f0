import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspect } from "../../server/src/app/inspect";
import { measure } from "../bench/accuracyRun";
import { annotated } from "./annotated";

const folder = join(import.meta.dirname, "../fixtures/postgres");

test.each(readdirSync(folder))("%s names what its comments say", async (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  expect(await annotated(text, "postgresql", true)).toEqual(text);
});

test("names that are filled in later are named as they are written, and none of them is a fault", async () => {
  const text = readFileSync(join(import.meta.dirname, "../fixtures/templates/names.sql"), "utf8");
  expect(await annotated(text, "postgresql", false)).toEqual(text);
  expect((await inspect(text, "postgresql")).errors).toEqual([]);
});

test("PostgreSQL's own parse trees name the same tables and foreign keys", async () => {
  const lines: string[] = [];
  await measure([folder], (line) => lines.push(line));
  expect(lines.filter((line) => /missed|made up/.test(line) && !line.includes("damaged:"))).toEqual([]);
  expect(lines.filter((line) => /refused by|foreign keys/.test(line))).toEqual([
    `${folder}: 5 files, 0 statements refused by the grammar and left out`,
    expect.stringContaining("33 in truth"),
  ]);
});
