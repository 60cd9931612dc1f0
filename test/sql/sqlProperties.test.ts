import fc from "fast-check";
import { expect, test } from "vitest";
import { lex, tokensOf } from "../../server/src/sql/lexer";
import { masked } from "../../server/src/sql/mask";
import { splitStatements } from "../../server/src/sql/statements";
import { anyText, dialects } from "./anyText";

const runs = { numRuns: 1000 };

test.each(dialects)("tokens follow each other without a gap, and joined they are the text: %s", (dialect) => {
  fc.assert(
    fc.property(anyText, (text) => {
      let end = 0;
      for (const token of lex(text, dialect)) {
        expect(token.start).toBe(end);
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(end).toBe(text.length);
    }),
    runs,
  );
});

test.each(dialects)("only the last token can be unclosed: %s", (dialect) => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(
        lex(text, dialect)
          .slice(0, -1)
          .filter(({ terminated }) => !terminated),
      ).toEqual([]);
    }),
    runs,
  );
});

test.each(dialects)(
  "statements are in order and apart, and nothing but what ends and surrounds them is between: %s",
  (dialect) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = lex(text, dialect);
        const statements = splitStatements(text, tokens, dialect);
        let end = 0;
        for (const statement of statements) {
          expect(statement.start).toBeGreaterThanOrEqual(end);
          expect(statement.end).toBeGreaterThan(statement.start);
          expect(statement.tokens.map((token) => text.slice(token.start, token.end)).join("")).toBe(
            text.slice(statement.start, statement.end),
          );
          end = statement.end;
        }
        const inside = new Set(statements.flatMap((statement) => statement.tokens));
        const forgotten = text.includes("\\r");
        for (const token of tokens) {
          if (inside.has(token) || forgotten) continue;
          const isBetween = ["space", "comment", "line-command"].includes(token.kind) || text[token.start] === ";";
          expect(isBetween).toBe(true);
        }
      }),
      runs,
    );
  },
);

test("masking changes nothing but what the grammar can't read, and no place", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = lex(text, "postgresql");
      const result = masked(text, tokensOf(text, "postgresql"));
      expect(result).toHaveLength(text.length);
      for (const { kind, start, end } of tokens) {
        if (!["template", "line-command", "comment"].includes(kind))
          expect(result.slice(start, end)).toBe(text.slice(start, end));
      }
    }),
    runs,
  );
});
