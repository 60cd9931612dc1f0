import fc from "fast-check";
import { expect, test } from "vitest";
import { editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import { loadStructureGrammar } from "../../server/src/sql/grammar/treeSitter";
import type { Span } from "../../server/src/sql/span";
import { structuresOf } from "../../server/src/sql/structure";
import type { Outline } from "../../server/src/sql/structureOutline";
import { selectionAt } from "../../server/src/sql/structureSelection";
import { anyText, dialects } from "./anyText";

/** Statements that have parts, cut anywhere and mixed with what SQL is made of. */
const anyStructure = fc
  .array(
    fc.oneof(
      anyText,
      fc
        .tuple(
          fc.constantFrom(
            "create table p.t (a int not null, [b] text, constraint c foreign key (a) references x.y (z));\r\n",
            "alter table p.t add column a int, drop constraint c, rename to d;\n",
            "create type p.m as enum ('😀', 'b');\n",
            "select f(a.b, (c)) from p.t where case when x then 'y' end;\n",
            "do $$ begin if a then b; end if; perform f(c); end $$;\n",
            "-- region\n-- a\n-- b\n-- endregion\n",
            "create trigger tr on p.t as begin select 1 end\nGO\n",
          ),
          fc.nat(120),
          fc.nat(120),
        )
        .map(([text, from, to]) => text.slice(Math.min(from, to), from === to ? undefined : Math.max(from, to))),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const expectInside = (inner: Span, outer: Span) => {
  expect(inner.start).toBeGreaterThanOrEqual(outer.start);
  expect(inner.end).toBeGreaterThanOrEqual(inner.start);
  expect(inner.end).toBeLessThanOrEqual(outer.end);
};

const expectOrdered = (outlines: readonly Outline[], outer: Span): void => {
  let before = outer.start;
  for (const outline of outlines) {
    expect(outline.start).toBeGreaterThanOrEqual(before);
    expect(outline.name).not.toBe("");
    expectInside(outline, outer);
    expectInside(outline.selection, outline);
    expectOrdered(outline.children, outline);
    before = outline.end;
  }
};

test.each(dialects)("outlines and folds lie in order inside of what holds them: %s", async (dialect) => {
  await fc.assert(
    fc.asyncProperty(anyStructure, async (text) => {
      let length = 0;
      const analysis = await openAnalysis(text, dialect);
      structuresOf(analysis).forEach(({ at, outline, folds, marks }, index) => {
        expect(at).toBe(length);
        const own = { start: 0, end: analysis.segments[index]?.length ?? 0 };
        length += own.end;
        expectOrdered(outline, own);
        for (const span of [...folds, ...marks]) expectInside(span, own);
      });
      expect(length).toBe(text.length);
    }),
    { numRuns: 300 },
  );
});

test.each(dialects)("selections grow strictly, from the place to the whole text: %s", async (dialect) => {
  const grammar = await loadStructureGrammar();
  await fc.assert(
    fc.asyncProperty(anyStructure, fc.double({ min: 0, max: 1, noNaN: true }), async (text, part) => {
      const offset = Math.round(part * text.length);
      const [whole, ...inner] = selectionAt(await openAnalysis(text, dialect), grammar, offset);
      expect(whole).toEqual({ start: 0, end: text.length });
      let outer: Span = { start: 0, end: text.length };
      for (const span of inner) {
        expectInside(span, outer);
        expect(span.end - span.start).toBeLessThan(outer.end - outer.start);
        expectInside({ start: offset, end: offset }, span);
        outer = span;
      }
    }),
    { numRuns: 300 },
  );
});

test.each(dialects)("structure after an edit is that of the new text: %s", async (dialect) => {
  await fc.assert(
    fc.asyncProperty(anyStructure, anyStructure, fc.nat(200), fc.nat(20), async (text, added, at, removed) => {
      const before = await openAnalysis(text, dialect);
      structuresOf(before);
      const after = editAnalysis(before, text.slice(0, at) + added + text.slice(at + removed));
      expect(structuresOf(after)).toEqual(structuresOf(await openAnalysis(after.text, dialect)));
    }),
    { numRuns: 300 },
  );
});
