import fc from "fast-check";
import { expect, test } from "vitest";
import { fromCodePoints, utf8Offsets } from "../../server/src/sql/offsets";

test("code points and bytes lead to UTF-16 offsets", () => {
  expect([0, 1, 2, 3, 9].map((count) => fromCodePoints("a😀b", count))).toEqual([0, 1, 3, 4, 4]);
  expect([0, 1, 3, 7, 8].map(utf8Offsets("aé😀b"))).toEqual([0, 1, 2, 4, 5]);
  expect([0, 2, 9].map(utf8Offsets("ab"))).toEqual([0, 2, 2]);
});

test("every place of a text is found by its bytes and by its code points, lone surrogates among them", () => {
  const unit = fc.oneof(fc.constantFrom("a", "é", "日", "😀", "\ud83d", "\ude00"), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(unit), fc.array(unit), (before, after) => {
      const [left, right] = [before.join(""), after.join("")];
      const text = left + right;
      // A pair that the two halves make together has no place in its middle.
      fc.pre([...text].length === [...left].length + [...right].length);
      expect(utf8Offsets(text)(Buffer.byteLength(left))).toBe(left.length);
      expect(fromCodePoints(text, [...left].length)).toBe(left.length);
    }),
  );
});
