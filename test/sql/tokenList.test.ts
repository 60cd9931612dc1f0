import { expect, test } from "vitest";
import { lex, tokensOf } from "../../server/src/sql/lexer";
import { type Token, tokenKinds } from "../../server/src/sql/token";
import { TokenList } from "../../server/src/sql/tokenList";

/** One token of each kind after another, each of one character more than the one before. */
function someTokens(count: number): Token[] {
  let end = 0;
  return Array.from({ length: count }, (_, at) => {
    const start = end;
    end += at + 1;
    return { kind: tokenKinds[at % tokenKinds.length] ?? "unknown", start, end, terminated: at % 5 > 0 };
  });
}

test.each([0, 1, 31, 32, 33, 128, 129, 5000])("a list of %i tokens gives back what was added", (count) => {
  const tokens = someTokens(count);
  const list = TokenList.of(tokens);
  expect(list).toHaveLength(count);
  expect([...list]).toEqual(tokens);
  expect(list.last).toEqual(tokens.at(-1));
  expect(tokens.map((_, at) => list.kindAt(at))).toEqual(tokens.map(({ kind }) => kind));
});

test("nothing stands before the first token and after the last", () => {
  const list = TokenList.of(someTokens(3));
  expect([list.get(-1), list.get(3), list.kindAt(-1), list.kindAt(3)]).toEqual(Array(4).fill(undefined));
  expect([list.part(1, 2, 0).get(-1), list.part(1, 2, 0).get(1), list.part(2, 1, 0).last]).toEqual(
    Array(3).fill(undefined),
  );
});

test("a part has offsets of its own, and so has a part of it", () => {
  const tokens = someTokens(60);
  const moved = (from: number, to: number, by: number) =>
    tokens.slice(from, to).map((token) => ({ ...token, start: token.start + by, end: token.end + by }));
  const part = TokenList.of(tokens).part(10, 50, -20);
  expect([...part]).toEqual(moved(10, 50, -20));
  expect([...part.part(5, 7, 4)]).toEqual(moved(15, 17, -16));
});

test("kinds are left out, also of a part", () => {
  const tokens = someTokens(60);
  const list = TokenList.of(tokens);
  const kept = tokens.slice(4, 40).filter(({ kind }) => kind !== "comment");
  expect([...list.part(4, 40, 0).without((kind) => kind === "comment")]).toEqual(kept);
  expect(list.some((kind) => kind === "comment")).toBe(true);
  expect(TokenList.of(kept).some((kind) => kind === "comment")).toBe(false);
});

test("a text's list is its tokens but the spaces", () => {
  const sql = "select /* a */ 'b', [c] from d -- e\n where f = $$g";
  for (const dialect of ["postgresql", "sqlserver"] as const)
    expect([...tokensOf(sql, dialect)]).toEqual(lex(sql, dialect).filter(({ kind }) => kind !== "space"));
});
