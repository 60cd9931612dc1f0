import fc from "fast-check";
import { expect, test } from "vitest";
import { openAnalysis } from "../../server/src/sql/analyse";
import { completionContext } from "../../server/src/sql/completionContext";
import { anyText, dialects } from "./anyText";

/** Statements that ask for names, cut anywhere. */
const anyStatement = fc
  .tuple(
    fc.constantFrom(
      'with a as (select * from p.t) select a."b c" from a join [x] y on y.é = 1;\r\n',
      "insert into p.t (a, b) values (1) on conflict (a) do update set b = excluded.b returning a;\n",
      "merge into p.t t using u on t.a = u.a when matched then update set b = 1 when not matched then insert (a) values (1);",
      "create table p.a (b int references c.d (e), like f, check (b > 1)) inherits (g);",
      "do $$ begin for r in select 1 from a loop update b set c = 1; end loop; end $$;\n",
      "create trigger t on dbo.a after insert, update as select i.a from inserted i\nGO\n",
      "-- tenantry: ignore a, b: c\n",
    ),
    fc.nat(140),
    fc.nat(140),
  )
  .map(([text, one, other]) => text.slice(Math.min(one, other), Math.max(one, other)));

test("a place is found in any text, around the caret and in its line", async () => {
  const texts = fc.array(fc.oneof(anyText, anyStatement), { maxLength: 6 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(...dialects), async (text, dialect) => {
      const analysis = await openAnalysis(text, dialect);
      for (let offset = 0; offset <= text.length; offset++) {
        const context = completionContext(analysis, offset);
        if (context === null) continue;
        const { start, end } = context;
        expect(start).toBeLessThanOrEqual(offset);
        expect(end).toBeGreaterThanOrEqual(offset);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(text.slice(start, end)).not.toMatch(/[\r\n]/);
      }
    }),
    { numRuns: 150 },
  );
});
