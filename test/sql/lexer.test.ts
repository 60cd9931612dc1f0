import { expect, test } from "vitest";
import { lex } from "../../server/src/sql/lexer";
import { tokens } from "./tokens";

test("words, names, numbers, operators and punctuation", () => {
  expect(tokens('select "a b".c1, é$x from t where x>=1.5;')).toEqual([
    "word:select",
    'quoted-identifier:"a b"',
    "punctuation:.",
    "word:c1",
    "punctuation:,",
    "word:é$x",
    "word:from",
    "word:t",
    "word:where",
    "word:x",
    "operator:>=",
    "number:1.5",
    "punctuation:;",
  ]);
});

test.each([
  ["1e5", ["number:1e5"]],
  ["1.5e-3", ["number:1.5e-3"]],
  [".5", ["number:.5"]],
  ["0x1F", ["number:0x1F"]],
  ["0b10", ["number:0b10"]],
  ["1_000", ["number:1_000"]],
  ["1..10", ["number:1", "operator:..", "number:10"]],
  ["1.", ["number:1."]],
  ["1e", ["number:1", "word:e"]],
])("the number %s", (sql, expected) => {
  expect(tokens(sql)).toEqual(expected);
});

test.each([
  ["a comment may begin inside an operator", "a+--b", ["word:a", "operator:+", "comment:--b"]],
  ["also one that ends", "a*/*b*/c", ["word:a", "operator:*", "comment:/*b*/", "word:c"]],
  ["a sign is an operator of its own", "a=-1", ["word:a", "operator:=", "operator:-", "number:1"]],
  ["unless a special character comes before it", "a@-1", ["word:a", "operator:@-", "number:1"]],
  ["a cast", "a::b", ["word:a", "operator:::", "word:b"]],
  [
    "a named argument",
    "f(a => 1, b := 2)",
    "word:f punctuation:( word:a operator:=> number:1 punctuation:, word:b operator::= number:2 punctuation:)".split(
      " ",
    ),
  ],
])("operators: %s", (_what, sql, expected) => {
  expect(tokens(sql)).toEqual(expected);
});

test.each([
  ["quotes are doubled", "'it''s'"],
  ["a backslash is itself", "'\\'"],
  ["unless the string says E", "E'\\''"],
  ["bits", "b'01'"],
  ["bytes", "X'ff'"],
  ["national", "n'a'"],
  ["Unicode", "U&'\\0441'"],
  ["lines", "'a\nb'"],
])("a string: %s", (_what, sql) => {
  expect(tokens(`${sql};`)).toEqual([`string:${sql}`, "punctuation:;"]);
});

test("a string goes on in the next line, with the escapes of its first part", () => {
  expect(tokens("E'a' -- more\n'\\'b' ")).toEqual(["string:E'a'", "comment:-- more", "string:'\\'b'"]);
  expect(tokens("E'a' '\\' ")).toEqual(["string:E'a'", "string:'\\'"]);
  expect(tokens("E'a'\n/* */'\\' ")).toEqual(["string:E'a'", "comment:/* */", "string:'\\'"]);
});

test("names that hold their quote, or Unicode escapes", () => {
  expect(tokens('"a""b" U&"\\0441"')).toEqual(['quoted-identifier:"a""b"', 'quoted-identifier:U&"\\0441"']);
});

test("dollar quotes end at their own tag only", () => {
  expect(tokens("$a$ $$ ' $b$ $a$;")).toEqual(["dollar-string:$a$ $$ ' $b$ $a$", "punctuation:;"]);
  expect(tokens("do $$x$$")).toEqual(["word:do", "dollar-string:$$x$$"]);
});

test("a dollar inside a word quotes nothing, and one before digits is a parameter", () => {
  expect(tokens("a$b$ $1 $1$")).toEqual(["word:a$b$", "parameter:$1", "parameter:$1", "unknown:$"]);
});

test("comments nest", () => {
  expect(tokens("/* a /* b */ ; */ c -- d")).toEqual(["comment:/* a /* b */ ; */", "word:c", "comment:-- d"]);
});

test.each(["'a;", "E'a\\';", '"a;', "$a$ $b$", "/* /* */", "U&'a", "b'0"])(
  "what is never closed reaches to the end: %s",
  (sql) => {
    expect(lex(sql, "postgresql")).toEqual([expect.objectContaining({ start: 0, end: sql.length, terminated: false })]);
  },
);

test("a byte order mark is a space where the text begins, and part of a word anywhere else", () => {
  expect(tokens("\ufeffselect")).toEqual(["word:select"]);
  expect(tokens("a \ufeffselect")).toEqual(["word:a", "word:\ufeffselect"]);
});

test.each([
  "{{schema}}",
  "$\u007btenant}",
  ':"schema"',
  ":'schema'",
  ":schema",
  ":{?schema}",
  "%(schema)s",
  "@schema@",
  "@extschema:cube@",
  "{schema}",
  "#{tenant.schema}",
  "@{schema}",
  "%{schema}",
  "$(schema)",
  "<%= schema %>",
  "$schema",
  "$SCHEMA$",
  "%s",
  "%1$I",
  "%schema%",
  "%%SCHEMA%%",
])("the template %s", (template) => {
  expect(tokens(`from ${template}.t`)).toEqual(["word:from", `template:${template}`, "punctuation:.", "word:t"]);
});

test.each([
  ["a cast", "a::b", "operator:::"],
  ["an assignment", "a:=b", "operator::="],
  ["a slice", "a[i:n]", "punctuation::"],
  ["a slice with spaces", "a[i :n]", "punctuation::"],
  ["a slice of what was computed", "a[f(1):n]", "punctuation::"],
  ["a remainder", "a %s.b", "operator:%"],
  ["similar words", "a <% b %> c", "operator:<%"],
  ["a dollar-quoted string that begins with a dot", "a ~ $re$.txt$re$", "dollar-string:$re$.txt$re$"],
  ["a list in braces", "array{1,2}", "unknown:{"],
])("no template: %s", (_what, sql, expected) => {
  expect(tokens(sql)).toContain(expected);
  expect(tokens(sql).join()).not.toContain("template:");
});

test("a template's own statements and comments are skipped as comments are", () => {
  expect(tokens("{% if a %}select{# none #}1{% endif %}")).toEqual([
    "comment:{% if a %}",
    "word:select",
    "comment:{# none #}",
    "number:1",
    "comment:{% endif %}",
  ]);
});

test("a template as the item of an array", () => {
  expect(tokens("array[:a, :b]").filter((token) => token.startsWith("template:"))).toEqual([
    "template::a",
    "template::b",
  ]);
});

test("psql's commands take their line", () => {
  expect(tokens("\\connect x y;\nselect 1 \\gset\n\\i f.sql")).toEqual([
    "line-command:\\connect x y;",
    "word:select",
    "number:1",
    "line-command:\\gset",
    "line-command:\\i f.sql",
  ]);
  expect(tokens("a\\; b;")).toEqual(["word:a", "line-command:\\;", "word:b", "punctuation:;"]);
});

test.each(["\n", "\r\n"])("COPY's data stands between its line and \\. (line ends %j)", (newLine) => {
  const sql = ["copy a.t (x) from stdin with (format csv); -- data", "1,'a", "\\.x", "\\.", "select 1;"].join(newLine);
  expect(tokens(sql).slice(-6)).toEqual([
    "punctuation:;",
    "comment:-- data",
    `line-command:${["1,'a", "\\.x", "\\."].join(newLine)}`,
    "word:select",
    "number:1",
    "punctuation:;",
  ]);
  expect(tokens(["\\copy t from stdin", "it's", "\\.", "b"].join(newLine)).at(-1)).toBe("word:b");
});

test("COPY without the end of its data has none", () => {
  expect(tokens("copy t from stdin;\nselect 1;\n").at(-2)).toBe("number:1");
  expect(tokens("copy t from 'f';\nselect\n\\.\n").slice(-2)).toEqual(["word:select", "line-command:\\."]);
});

test.each([["\\gx"], ["\\;"], ["\\r"]])("COPY's data after a statement that %s ends are no tokens", (command) => {
  expect(tokens(`select 1 ${command}\ncopy t from stdin;\nit's\n\\.\nb`).at(-1)).toBe("word:b");
});

test("COPY's data follow psql's \\g, too", () => {
  expect(tokens("copy t from stdin \\g\nit's\n\\.\nb").at(-1)).toBe("word:b");
});

test("SQL Server: names, variables, operators", () => {
  expect(tokens("update [a ]] b].#t set @x += N'it''s' where $action != @@rowcount and c = $1.5", "sqlserver")).toEqual(
    [
      "word:update",
      "quoted-identifier:[a ]] b]",
      "punctuation:.",
      "word:#t",
      "word:set",
      "parameter:@x",
      "operator:+=",
      "string:N'it''s'",
      "word:where",
      "word:$action",
      "operator:!=",
      "parameter:@@rowcount",
      "word:and",
      "word:c",
      "operator:=",
      "number:$1.5",
    ],
  );
});

test.each(["GO", "go", "GO 5", "  GO", "GO -- again", "GO;"])(
  "SQL Server: %j on a line of its own ends a batch",
  (line) => {
    expect(tokens(`select 1\n${line}\nselect 2`, "sqlserver")[2]).toBe(`line-command:${line.trim()}`);
  },
);

test.each(["select go", "go_on", "/*\nGO\n*/", "'\nGO\n'", "[\nGO\n]", "GO FAR"])(
  "SQL Server: no batch ends in %j",
  (sql) => {
    expect(tokens(sql, "sqlserver").join()).not.toContain("line-command:");
  },
);

test("SQL Server: sqlcmd's commands take their line, and its variables are templates", () => {
  expect(tokens(":setvar schema acme\nselect * from $(schema).t", "sqlserver")).toEqual([
    "line-command::setvar schema acme",
    "word:select",
    "operator:*",
    "word:from",
    "template:$(schema)",
    "punctuation:.",
    "word:t",
  ]);
});
