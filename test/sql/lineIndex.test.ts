import fc from "fast-check";
import { expect, test } from "vitest";
import { editedText } from "../../server/src/sql/editedText";
import { lineIndex } from "../../server/src/sql/lineIndex";

test("lines end with LF, CR LF or a lone CR; columns count UTF-16 units", () => {
  const index = lineIndex("a\nb😀c\r\nd\re");
  expect(index.lineCount).toBe(4);
  expect([0, 1, 2, 3, 5, 6, 8, 9, 10, 11].map((offset) => index.positionAt(offset))).toEqual([
    { line: 0, character: 0 },
    { line: 0, character: 1 },
    { line: 1, character: 0 },
    { line: 1, character: 1 },
    { line: 1, character: 3 },
    { line: 1, character: 4 },
    { line: 2, character: 0 },
    { line: 2, character: 1 },
    { line: 3, character: 0 },
    { line: 3, character: 1 },
  ]);
});

test("what lies outside is brought inside", () => {
  const index = lineIndex("ab\r\nc");
  expect(index.positionAt(-1)).toEqual({ line: 0, character: 0 });
  expect(index.positionAt(99)).toEqual({ line: 1, character: 1 });
  expect(index.offsetAt({ line: -1, character: 5 })).toBe(0);
  expect(index.offsetAt({ line: 0, character: 99 })).toBe(2);
  expect(index.offsetAt({ line: 0, character: -1 })).toBe(0);
  expect(index.offsetAt({ line: 9, character: 0 })).toBe(5);
});

test("a place leads back to its offset", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\n", "\r", "\r\n", "😀", "\ud800", "\u2028")), (parts) => {
      const text = parts.join("");
      const index = lineIndex(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const position = index.positionAt(offset);
        // Between CR and LF there is no place of a line's own: it is brought before the line end.
        const isInside = text[offset - 1] === "\r" && text[offset] === "\n";
        expect(index.offsetAt(position)).toBe(isInside ? offset - 1 : offset);
      }
    }),
  );
});

test("after an edit, every place is as it would be counted anew", () => {
  const part = fc
    .array(fc.constantFrom("a", "\n", "\r", "\r\n", "😀"), { maxLength: 8 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(part, fc.array(fc.tuple(fc.nat(), fc.nat(4), part), { maxLength: 6 }), (begin, edits) => {
      let text = editedText(begin);
      for (const [at, removed, put] of edits) {
        const from = at % (text.length + 1);
        text = text.replace(from, Math.min(from + removed, text.length), put);
        const index = lineIndex(text);
        const fresh = lineIndex(text.toString());
        expect(index.lineCount).toBe(fresh.lineCount);
        for (let offset = 0; offset <= text.length; offset++)
          expect(index.positionAt(offset)).toEqual(fresh.positionAt(offset));
        for (let line = -1; line <= fresh.lineCount; line++) {
          expect(index.startOf(line)).toBe(fresh.startOf(line));
          for (let character = 0; character < 5; character++)
            expect(index.offsetAt({ line, character })).toBe(fresh.offsetAt({ line, character }));
        }
      }
    }),
  );
});
