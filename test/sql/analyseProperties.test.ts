import fc from "fast-check";
import { expect, test } from "vitest";
import { actionsOf } from "../../server/src/sql/actions";
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
        const { source } = analysis;
        const start = Math.round(at * source.length);
        analysis = editAnalysis(analysis, source.replace(start, Math.min(start + removed, source.length), added));
        expect(analysis.statements).toEqual((await analyse(analysis.text, dialect)).statements);
      }
    }),
    { numRuns: 3000 },
  );
});

test.each(dialects)(
  "an edit in a long text reads what stands around it, and farther where that matters: %s",
  async (dialect) => {
    const filling = "insert into prototype.orders (id, note) select 1, 'x' from customers;\n".repeat(400);
    await fc.assert(
      fc.asyncProperty(anyText, anyText, edits, async (before, after, changes) => {
        let analysis = await openAnalysis(before + filling + after + filling, dialect);
        for (const { at, removed, added } of changes) {
          const { source } = analysis;
          const start = Math.round(at * source.length);
          analysis = editAnalysis(analysis, source.replace(start, Math.min(start + removed, source.length), added));
        }
        expect(analysis.statements).toEqual((await analyse(analysis.text, dialect)).statements);
      }),
      { numRuns: 40 },
    );
  },
);

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

test.each(dialects)("actions are the same from the tokens of the facts as from the text alone: %s", async (dialect) => {
  const statements = fc.array(fc.oneof(fc.constantFrom(...acting), anyText), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(statements, async (parts) => {
      const text = parts.join("");
      for (const statement of (await analyse(text, dialect)).statements) {
        const { facts } = statement;
        expect(actionsOf(text, statement, dialect)).toEqual(
          actionsOf(text, { ...statement, facts: { ...facts } }, dialect),
        );
      }
    }),
    { numRuns: 300 },
  );
});

const acting = [
  "create table a.b (c int /* c */ not null default 'x' -- d\n, primary key (c));",
  "alter table only a.b add d text references e (f), drop column g cascade;",
  "insert into a.b values (1); ",
  "do $x$ begin drop table a.b; end $x$;",
  "execute sp_rename 'a.b', 'c';",
];
