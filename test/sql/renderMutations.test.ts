import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import { fillTemplate } from "../../server/src/sql/render";
import { proveStatement } from "../../server/src/sql/renderProof";
import { template } from "./renderSupport";

const fixtures = join(import.meta.dirname, "../fixtures/render");
const tenant = 'a"b; drop schema x';
const names = { prototype: "prototype", tenant, dialect: "postgresql" } as const;

/** What a wrong renderer might do at one place of what it writes. */
const mutations: Readonly<Record<string, (sql: string, at: number) => string>> = {
  "a character is lost": (sql, at) => sql.slice(0, at) + sql.slice(at + 1),
  "a character is doubled": (sql, at) => sql.slice(0, at + 1) + sql.slice(at),
  "a character is another": (sql, at) => sql.slice(0, at) + (sql[at] === "x" ? "y" : "x") + sql.slice(at + 1),
  "another schema is written": (sql, at) => `${sql.slice(0, at)}"acme".${sql.slice(at)}`,
};

test.each(Object.entries(mutations))("the proof refuses a rendering in which %s", async (_what, mutate) => {
  let proven = 0;
  const accepted: string[] = [];
  for (const { original, rendered, places } of await renderings()) {
    expect(await proveStatement(original, rendered, places, names)).toBeNull();
    // A stride that is no multiple of the usual lengths reaches each kind of place.
    for (let at = proven % 11; at < rendered.length; at += 11) {
      const mutated = mutate(rendered, at);
      const fault = await proveStatement(original, mutated, places, names);
      if (fault === null || fault.waivable) accepted.push(mutated);
      proven++;
    }
  }
  expect(accepted).toEqual([]);
  expect(proven).toBeGreaterThan(1500);
});

test("the proof refuses a rendering that leaves any one place as it is, or takes any one for another tenant's", async () => {
  for (const { original, rendered, places } of await renderings()) {
    for (const { index } of rendered.matchAll(/"a""b; drop schema x"/g)) {
      const after = rendered.slice(index + '"a""b; drop schema x"'.length);
      for (const other of ["prototype", '"a""b; drop schema y"', '"public"']) {
        const fault = await proveStatement(original, rendered.slice(0, index) + other + after, places, names);
        expect(fault).toMatchObject({ waivable: false });
      }
    }
  }
});

test("the proof refuses a rendering of an alias in the schema's stead", async () => {
  const original = "select prototype.id from prototype.orders prototype";
  const fault = await proveStatement(original, original.replace("prototype", '"a""b; drop schema x"'), 1, names);
  expect(fault).not.toBeNull();
});

/** Each statement of the fixtures that names the schema, as it is written for the tenant. */
async function renderings(): Promise<{ original: string; rendered: string; places: number }[]> {
  const all = [];
  for (const file of readdirSync(fixtures)) {
    const text = readFileSync(join(fixtures, file), "utf8");
    const { slots } = await template(text);
    for (const { start, end } of (await analyse(text, "postgresql")).statements) {
      const own = slots.filter((slot) => slot.start >= start && slot.end <= end);
      const moved = own.map((slot) => ({ ...slot, start: slot.start - start, end: slot.end - start }));
      const original = text.slice(start, end);
      const { sql } = fillTemplate({ text: original, dialect: "postgresql", slots: moved }, tenant);
      if (own.length > 0) all.push({ original, rendered: sql, places: own.length });
    }
  }
  return all;
}
