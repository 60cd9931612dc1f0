import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { annotated } from "./annotated";

const folder = join(import.meta.dirname, "../fixtures/tsql");

test.each(readdirSync(folder))("%s names the tables and foreign keys that its comments say", async (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  expect(await annotated(text, "sqlserver", false)).toEqual(text);
});
