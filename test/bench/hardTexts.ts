/** Texts of which a reader must not take more than time in proportion to their length. */
export function hardTexts(): readonly { readonly name: string; readonly text: string }[] {
  const row = "(1, 'a value', null, now()),\n";
  const statement = "insert into prototype.orders (id, note) values (1, 'a value');\n";
  return [
    { name: "10 MB in one statement", text: `insert into prototype.t values\n${repeated(row, 10_000_000)}(1);` },
    { name: "10 MB in many statements", text: repeated(statement, 10_000_000) },
    { name: "10 MB in one string", text: `select '${repeated("prototype.a; ", 10_000_000)}';` },
    { name: "10 MB in one comment", text: `/* ${repeated("prototype.a;\n", 10_000_000)} */ select 1;` },
    { name: "10 MB without a line end", text: repeated("select a from prototype.t; ", 10_000_000) },
    { name: "10 MB of lone quotes", text: repeated("select 'a;\ncreate table t (a int);\n", 10_000_000) },
    { name: "10 MB of semicolons", text: repeated(";", 10_000_000) },
    { name: "10 MB of parentheses", text: repeated("(", 10_000_000) },
    { name: "10 MB of words", text: repeated("do create grant select from with ", 10_000_000) },
    { name: "10 MB of GO", text: repeated("GO\n", 10_000_000) },
    {
      name: "10 MB in one function",
      text: `create function f() returns int as $$begin\n${repeated(statement, 10_000_000)}end$$ language plpgsql;`,
    },
    { name: "10 MB of COPY data", text: `copy t from stdin;\n${repeated("1\ta\t\\N\n", 10_000_000)}\\.\nselect 1;` },
    { name: "20,000 parentheses, closed", text: `select ${"(".repeat(20_000)}1${")".repeat(20_000)};` },
    { name: "20,000 parentheses, open", text: `select ${"(".repeat(20_000)};\nselect 1;` },
    { name: "20,000 brackets", text: `select ${"[".repeat(20_000)}1${"]".repeat(20_000)};` },
    { name: "20,000 CASE", text: `select ${"case when ".repeat(20_000)};` },
    { name: "20,000 BEGIN", text: `${"begin\n".repeat(20_000)}` },
    { name: "20,000 comments in each other", text: "/* ".repeat(20_000) },
    { name: "20,000 dollar quotes", text: Array.from({ length: 20_000 }, (_, n) => `$a${n}$ `).join("") },
    { name: "20,000 unfinished statements", text: "create table prototype.t (a int\n".repeat(20_000) },
    { name: "1 MB of comments' beginnings", text: repeated("/*", 1_000_000) },
    { name: "1 MB of operators", text: repeated("+-*/", 1_000_000) },
    { name: "1 MB of DO", text: repeated("do ", 1_000_000) },
    { name: "1 MB of casts", text: repeated("create cast (", 1_000_000) },
    { name: "1 MB of random bytes", text: randomText(1_000_000) },
    { name: "1 MB of lone surrogates", text: repeated("\ud800 ", 1_000_000) },
  ];
}

function repeated(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length));
}

/** Bytes, each as a character; the same ones in each run. */
export function randomText(length: number): string {
  let state = 1;
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return bytes.toString("latin1");
}
