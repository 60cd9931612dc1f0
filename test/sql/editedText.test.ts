import fc from "fast-check";
import { expect, test } from "vitest";
import { editedText, inCommon } from "../../server/src/sql/editedText";

/** Long enough that edits far from each other don't fit into one part. */
const long = fc.constant("0123456789".repeat(7000));
const edits = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(4), fc.nat(50_000)), fc.string({ maxLength: 5 })), {
  maxLength: 8,
});

test("an edited text is what the edits make of it, and two of them differ where they say", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), long), edits, (begin, changes) => {
      let plain = begin;
      let edited = editedText(begin);
      const before = [{ plain, edited }];
      for (const [at, removed, put] of changes) {
        const start = at % (plain.length + 1);
        const end = Math.min(plain.length, start + removed);
        plain = plain.slice(0, start) + put + plain.slice(end);
        edited = edited.replace(start, end, put);
        expect(edited.length).toBe(plain.length);
        expect(edited.toString()).toBe(plain);
        for (const from of [0, start, Math.max(0, start - 1), edited.from, plain.length])
          for (const to of [from, start + 1, end + put.length, plain.length])
            expect(edited.slice(from, Math.max(from, to))).toBe(plain.slice(from, Math.max(from, to)));
        for (const one of before) {
          const common = inCommon(one.edited, edited);
          expect(common.start + common.end).toBeLessThanOrEqual(Math.min(one.plain.length, plain.length));
          expect(one.plain.slice(0, common.start)).toBe(plain.slice(0, common.start));
          expect(one.plain.slice(one.plain.length - common.end)).toBe(plain.slice(plain.length - common.end));
          const isSame = common.start + common.end === one.plain.length && one.plain.length === plain.length;
          expect(isSame).toBe(one.plain === plain);
        }
        before.push({ plain, edited });
      }
    }),
  );
});
