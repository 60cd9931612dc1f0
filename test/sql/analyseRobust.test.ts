import { expect, test } from "vitest";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { randomText } from "../bench/hardTexts";
import { dialects } from "./anyText";

const many = 20_000;

/** Texts that nobody writes, and that a file may hold all the same. */
const texts: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a byte order mark alone", "\ufeff"],
  ["a byte order mark before a statement", "\ufeffselect 1 from prototype.a;\r\nselect 2 from prototype.b"],
  ["line ends of each kind", "create table prototype.a\r\n(id int)\r;\n\rselect 1\r\nfrom prototype.b;\r"],
  ["lone surrogates", "select '\ud800', \udc00 from prototype.\ud83d; select \"\udfff\" from b"],
  ["NUL characters", "select 1\0 from prototype.a\0;\0select '\0'"],
  ...["'", '"', "E'", "U&'", 'U&"', "$$", "$a$", "/*", "/* /*", "[", "N'", "{{", "${", ":'", "("].map(
    (opening) =>
      [
        `${opening} that isn't closed`,
        `select 1 from prototype.a; select ${opening}prototype.b;\nselect 3;\n`,
      ] as const,
  ),
  [
    "a body that isn't closed",
    "create function f() returns int as $$ begin select 1; if x then\ncreate table t (a int);",
  ],
  ["parentheses that are closed", `select ${"(".repeat(many)}1${")".repeat(many)} from prototype.a;`],
  ["parentheses that aren't closed", `select ${"(".repeat(many)};\nselect 1 from prototype.a;`],
  ["parentheses that weren't opened", `select 1${")".repeat(many)};\nselect 1 from prototype.a;`],
  ["EXEC whose text never ends", "EXEC ('a' + (".repeat(many)],
  ["a template's parameter that never ends", `select 1 where a <b, c, ${"x".repeat(1_000_000)}`],
  [
    "marks that others are put in the place of",
    Array.from({ length: many / 2 }, (_, n) => `set @s = replace(@s, '{m${n}}', 'x') + 'select 1 from {m${n}}.t';\n`)
      .join("")
      .concat("exec (@s);"),
  ],
  ["brackets", `select ${"[".repeat(many)}1${"]".repeat(many)};`],
  ["literals in each other", `do ${"'".repeat(many)}`],
  ...["/*", "+", "*+", "do ", "create cast (", ";", "(", "\nGO\n", "$", "\\\n", "grant ", "begin atomic "].map(
    (part) => [`${JSON.stringify(part)} again and again`, part.repeat(100_000)] as const,
  ),
  ["random bytes", randomText(30_000)],
];

test.each(dialects.flatMap((dialect) => texts.map(([name, text]) => [dialect, name, text] as const)))(
  "%s: a text with %s is read, and every place lies in it",
  async (dialect, _name, text) => {
    await expectInside(text, dialect);
    const opened = await openAnalysis(`${text}\nselect 1 from prototype.more;`, dialect);
    const shortened = editAnalysis(opened, text);
    expect(shortened.statements).toEqual((await analyse(text, dialect)).statements);
  },
);

async function expectInside(text: string, dialect: Dialect): Promise<void> {
  let before = 0;
  for (const { start, end, facts } of (await analyse(text, dialect)).statements) {
    expect(start).toBeGreaterThanOrEqual(before);
    expect(end).toBeLessThanOrEqual(text.length);
    before = end;
    const { keyword, tables, objects, schemas, opaque, foreignKeys } = facts;
    for (const span of [keyword, ...tables, ...objects, ...schemas, ...opaque, ...foreignKeys.map(({ to }) => to)]) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(start + span.end).toBeLessThanOrEqual(end);
    }
  }
}
