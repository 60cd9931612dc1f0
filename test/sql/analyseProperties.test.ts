import fc from "fast-check";
import { expect, test } from "vitest";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import { anyText, dialects } from "./anyText";

/** An edit, as fractions of the text that it is made in. */
const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(30), added: anyText }),
  { maxLength: 6 },
);

test.each(dialects)("analysing edit by edit is the same as analysing the result: %s", async (dialect) => {
  await fc.assert(
    fc.asyncProperty(anyText, edits, async (first, changes) => {
      let analysis = await openAnalysis(first, dialect);
      for (const { at, removed, added } of changes) {
        const { text } = analysis;
        const start = Math.round(at * text.length);
        analysis = editAnalysis(analysis, text.slice(0, start) + added + text.slice(start + removed));
        expect(analysis.statements).toEqual((await analyse(analysis.text, dialect)).statements);
      }
    }),
    { numRuns: 3000 },
  );
});

test.each(dialects)("statements are in order and apart, and every place lies in the text: %s", async (dialect) => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { statements } = await analyse(text, dialect);
      let before = 0;
      for (const { start, end, facts } of statements) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        before = end;
        const { keyword, tables, objects, schemas, opaque, foreignKeys, fault } = facts;
        const spans = [keyword, ...tables, ...objects, ...schemas, ...opaque, ...foreignKeys.map(({ to }) => to)];
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(start + span.end).toBeLessThanOrEqual(end);
        }
        if (fault === null) continue;
        // A statement that ends too early is refused at its `;`.
        expect(fault.start).toBeGreaterThanOrEqual(0);
        expect(fault.end).toBeGreaterThanOrEqual(fault.start);
        expect(start + fault.end).toBeLessThanOrEqual(text.length);
      }
      expect(before).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 300 },
  );
});
