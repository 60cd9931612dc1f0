import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

// The bundler knows what is shipped, so the build writes the notices. The copy at the top is what people and registries
// read, and is renewed by `npm run build && UPDATE=1 npx vitest run test/generated.test.ts`.
test("the notices at the top are those of the build", () => {
  const built = readFileSync(join(__DIST__, "THIRD_PARTY_NOTICES"), "utf8");
  const file = resolve(import.meta.dirname, "../THIRD_PARTY_NOTICES");
  if (process.env.UPDATE) writeFileSync(file, built);
  expect(readFileSync(file, "utf8") === built, "THIRD_PARTY_NOTICES differs from the build's").toBe(true);
});
