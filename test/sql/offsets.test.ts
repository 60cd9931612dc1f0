import fc from "fast-check";
import { expect, test } from "vitest";
import { fromCodePoints } from "../../server/src/sql/offsets";

test("code points lead to UTF-16 offsets", () => {
  expect([0, 1, 2, 3, 9].map((count) => fromCodePoints("a😀b", count))).toEqual([0, 1, 3, 4, 4]);
});

test("every place of a text is found by its code points, lone surrogates among them", () => {
  const unit = fc.oneof(fc.constantFrom("a", "é", "日", "😀", "\ud83d", "\ude00"), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(unit), fc.array(unit), (before, after) => {
      const [left, right] = [before.join(""), after.join("")];
      const text = left + right;
      // A pair that the two halves make together has no place in its middle.
      fc.pre([...text].length === [...left].length + [...right].length);
      expect(fromCodePoints(text, [...left].length)).toBe(left.length);
    }),
  );
});
