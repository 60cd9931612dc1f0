import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { openAnalysis } from "../../server/src/sql/analyse";
import { completionContext } from "../../server/src/sql/completionContext";
import { lex } from "../../server/src/sql/lexer";
import { fillTemplate, prepareRender } from "../../server/src/sql/render";
import type { Span } from "../../server/src/sql/span";
import { structuresOf } from "../../server/src/sql/structure";
import { dialects } from "./anyText";

/*
 * What people really write, damaged: tokens taken out, put in or doubled, and texts cut off and joined. Each way into the analysis has to
 * answer, with places that lie in the text.
 */

const folder = join(import.meta.dirname, "../fixtures");
const fixtures = globSync("**/*.sql", { cwd: folder })
  .sort()
  .map((path) => readFileSync(join(folder, path), "utf8").slice(0, 6000));

const anyDamage = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("delete", "double", "move", "cut-before", "cut-after", "insert"),
  put: fc.constantFrom(
    "(",
    ")",
    "'",
    '"',
    "$$",
    ";",
    "\nGO\n",
    "[",
    "/*",
    "--",
    "begin ",
    "end ",
    "select ",
    ".",
    "\ud800",
    "\r",
  ),
});

const anyDamaged = fc
  .array(fc.tuple(fc.constantFrom(...fixtures), fc.array(anyDamage, { minLength: 1, maxLength: 4 })), {
    minLength: 1,
    maxLength: 2,
  })
  .map((texts) => texts.map(([text, damages]) => damages.reduce(damaged, text)).join(""));

function damaged(text: string, { at, how, put }: { at: number; how: string; put: string }): string {
  const tokens = lex(text, "postgresql");
  const token = tokens[at % Math.max(1, tokens.length)];
  if (token === undefined) return put;
  const { start, end } = token;
  const own = text.slice(start, end);
  switch (how) {
    case "delete":
      return text.slice(0, start) + text.slice(end);
    case "double":
      return text.slice(0, end) + own + text.slice(end);
    case "move":
      return own + text.slice(0, start) + text.slice(end);
    case "cut-before":
      return text.slice(start);
    case "cut-after":
      return text.slice(0, end);
    default:
      return text.slice(0, start) + put + text.slice(start);
  }
}

test.each(dialects)("%s: damaged files are read, completed, parted and rendered", async (dialect) => {
  await fc.assert(
    fc.asyncProperty(anyDamaged, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), async (text, offsets) => {
      const inside = ({ start, end }: Span, outer: Span) => {
        expect(start).toBeGreaterThanOrEqual(outer.start);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(outer.end);
      };
      const analysis = await openAnalysis(text, dialect);
      const whole = { start: 0, end: text.length };
      for (const statement of analysis.statements) {
        inside(statement, whole);
        const own = { start: 0, end: statement.end - statement.start };
        const { tables, objects, foreignKeys, schemas, opaque } = statement.facts;
        for (const span of [...tables, ...objects, ...schemas, ...opaque]) inside(span, own);
        for (const { to } of foreignKeys) inside(to, own);
      }
      for (const offset of offsets) {
        const context = completionContext(analysis, offset % (text.length + 1));
        if (context !== null) inside(context, whole);
      }
      let length = 0;
      for (const { at } of structuresOf(analysis)) {
        expect(at).toBeGreaterThanOrEqual(length);
        length = at;
      }
      expect(length).toBeLessThanOrEqual(text.length);
      const options = { prototypeSchema: "prototype", dialect };
      const { template, refusals } = await prepareRender(text, analysis.statements, options);
      for (const refusal of refusals) inside(refusal, refusal.statement);
      if (template !== null)
        expect(fillTemplate(template, "prototype").toOriginal(text.length)).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 60 },
  );
});
